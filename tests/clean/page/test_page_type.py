from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from pipelines.clean.page.address import address_shape, is_slug, page_words
from pipelines.clean.records import Article, Skip, Statement
from tests.clean.page.page_type_pages import (
    ASCENDING,
    DESCENDING,
    HEADLINES,
    PROSE,
    SUMMARIES,
    Page,
    bare_tile,
    card,
    dated_item,
    definition,
    entries,
    font_item,
    full_post,
    link,
    live_entries,
    live_entry,
    page,
    paragraphs,
    result,
    row,
    teasers,
    video,
    whole_link,
)
from tests.clean.pages import HEADLINE, article, html_page, read

WEBSITE = "<meta property='og:type' content='website'>"
ARTICLE = "<meta property='og:type' content='article'>"
NEXT = "<link rel='next' href='?page=2'>"


def ld(**node: object) -> str:
    return f"<script type='application/ld+json'>{json.dumps(node)}</script>"


def titled(headline: str) -> str:
    return f"<h1>{headline}</h1>"


LISTINGS = [
    page("cards of a section", "/politics", titled("Politics") + entries(card), WEBSITE),
    page("tiles that are one link each", "/sport", titled("Sport") + entries(whole_link), WEBSITE + NEXT),
    page("a table of dates and titles", "/archive", "<h1>Archive</h1><table>" + entries(row) + "</table>"),
    page("a definition list", "/tag/harbour", "<h1>harbour</h1><dl>" + entries(definition) + "</dl>", WEBSITE + NEXT),
    page("a news ticker's titles", "/latest", "<h1>Latest</h1><ul>" + entries(dated_item, count=10) + "</ul>", WEBSITE),
    page("tiles without headings", "/section/local", "<h1>Local</h1>" + entries(bare_tile), WEBSITE),
    page("tables and fonts", "/index.html", "<center><b>THE LANTERN</b></center><table><tr><td>" + entries(font_item) + "</td></tr></table>"),
    page("search results", "/search?q=pier", "<h1>Results for pier</h1><ol>" + entries(result) + "</ol>", ld(**{"@type": "SearchResultsPage"})),
    page("an author with a biography", "/author/tove-askeland",
         titled("Tove Askeland") + "<p>Tove Askeland has written about the harbour and its people since 2009; she lives in Ostrand.</p>" + entries(card),
         ld(**{"@type": "ProfilePage", "mainEntity": {"@type": "Person", "name": "Tove Askeland"}})),
    page("a tag with pages", "/tag/ferries/page/3/", titled("Ferries") + entries(card) + "<a rel='prev' href='/tag/ferries/page/2/'>2</a><a rel='next' href='/tag/ferries/page/4/'>4</a>"),
    page("a front of sections", "/", "".join(f"<section><h2>{s}</h2>{entries(card, count=4)}</section>" for s in ("News", "Sport", "Arts")) + entries(whole_link, count=10), WEBSITE),
    page("a front with a motto", "/en/", titled("The Marvale Lantern: news from the harbour since 1871") + entries(whole_link, count=10)),
    page("a blog's front of whole posts", "/", entries(full_post, count=5), WEBSITE),
    page("a month of whole posts", "/2025/03/", entries(full_post, count=5), NEXT),
    page("a topic with an introduction", "/topics/north-pier",
         titled("North pier") + "<p>All our reports on the storm, the broken pier and the long argument over who is to pay.</p>" + entries(card),
         ld(**{"@type": "CollectionPage", "name": "North pier"})),
    page("a day's archive", "/archive/2025/03/14", titled("14 March 2025") + "<ul>" + entries(dated_item, count=10) + "</ul>"),
    page("videos", "/videos", titled("Videos") + entries(video), WEBSITE),
    page("a category where every entry is a NewsArticle", "/category/harbour",
         titled("Harbour") + entries(card),
         WEBSITE + ld(**{"@type": "ItemList", "itemListElement": [
             {"@type": "NewsArticle", "headline": h, "url": "https://lantern.example" + link(n), "datePublished": "2025-03-14"}
             for n, h in enumerate(HEADLINES["en"])]})),
    page("a category that its system calls an article", "/category/news/", titled("News") + entries(card), ARTICLE + NEXT + ld(**{"@type": "CollectionPage"})),
    page("a topic page in German", "/thema/hafen", titled("Hafen") + entries(card, "de"), WEBSITE + NEXT),
    page("an author in Spanish", "/autor/tove-askeland/", titled("Tove Askeland") + entries(whole_link, "es"), ld(**{"@type": "ProfilePage"})),
    page("a rubric in Russian", "/рубрика/порт/", titled("Порт") + entries(card, "ru"), WEBSITE),
    page("a section in Arabic", "/ar/economy", "<div dir='rtl'>" + titled("اقتصاد") + entries(card, "ar") + "</div>", WEBSITE),
    page("a front in Hebrew", "/", "<div dir='rtl'>" + entries(whole_link, "he") + "</div>"),
    page("a front in Chinese", "/", entries(card, "zh"), WEBSITE),
    page("a tag in Japanese", "/タグ/港", titled("港") + entries(card, "ja"), WEBSITE),
    page("a section in Korean", "/local", titled("지역") + entries(card, "ko"), WEBSITE),
    page("a front in Hindi", "/hi", entries(card, "hi"), WEBSITE),
]  # fmt: skip

LIVE_LD = ld(
    **{
        "@type": "LiveBlogPosting",
        "headline": "Storm over Marvale",
        "liveBlogUpdate": [{"@type": "BlogPosting", "headline": "Pier closed"}] * 9,
    }
)


def bare_entry(clock: str, title: str, texts: tuple[str, ...]) -> str:
    return f"<div class='t'>{clock} Uhr</div><div class='x'><b>{title}</b>{paragraphs(texts)}</div>"


def paragraph_entry(clock: str, title: str, texts: tuple[str, ...]) -> str:
    return f"<p><strong>{clock} {title[:30]}</strong></p>" + paragraphs(texts)


def list_entry(clock: str, title: str, texts: tuple[str, ...]) -> str:
    return f"<li><div class='when'>{clock}</div><div>{''.join(texts)}</div></li>"


def stamp(clock: str) -> str:
    return f"14 March 2025, {clock}"


def with_minutes(clocks: tuple[str, ...], sign: str, end: str = "") -> tuple[str, ...]:
    return tuple(clock.replace(":", sign) + end for clock in clocks)


LIVE_BLOGS = [
    page("declared and stamped", "/news/storm-over-marvale-4417", titled("Storm over Marvale") + live_entries(DESCENDING), LIVE_LD),
    page("a ticker in German", "/liveticker/sturm-4417", titled("Sturm über Marvale im Liveticker") + live_entries(DESCENDING, "de", bare_entry), ARTICLE),
    page("oldest entry first", "/news/vote-live-updates-4417", titled("Vote: live updates") + live_entries(ASCENDING), ARTICLE),
    page("minute by minute in Spanish", "/noticias/temporal-4417", titled("Temporal en Marvale, minuto a minuto") + live_entries(DESCENDING, "es"), title="Temporal en Marvale, minuto a minuto"),
    page("paragraphs with bold times", "/live/storm-4417", titled("Storm | Live") + live_entries(DESCENDING, entry=paragraph_entry)),
    page("list items", "/ticker/4417", titled("Ticker") + "<ul>" + live_entries(DESCENDING, entry=list_entry) + "</ul>", title="Ticker"),
    page("dates in the stamps", "/liveblog/storm-4417", titled("Storm over Marvale") + live_entries(tuple(map(stamp, DESCENDING)))),
    page("a standfirst and key points", "/news/storm-live-blog-4417",
         titled("LIVE: Storm over Marvale") + f"<p class='standfirst'>{SUMMARIES['en'][0]}</p><ul>" + "".join(f"<li><a href='#e{n}'>{h}</a></li>" for n, h in enumerate(HEADLINES["en"][:4])) + "</ul>" + live_entries(DESCENDING), LIVE_LD),
    page("in Arabic", "/news/4417", "<div dir='rtl'>" + titled("عاصفة مارفيل: تغطية مباشرة") + live_entries(DESCENDING, "ar") + "</div>", title="عاصفة مارفيل: تغطية مباشرة"),
    page("in Chinese", "/a/20250314", titled("直播：风暴袭击马维尔") + live_entries(DESCENDING, "zh"), title="直播：风暴袭击马维尔"),
    page("in Japanese", "/news/4417", titled("嵐の桟橋 随時更新") + live_entries(with_minutes(DESCENDING, "時", "分"), "ja"), LIVE_LD),
    page("in Russian", "/news/4417", titled("Шторм в Марвейле. Онлайн-трансляция") + live_entries(with_minutes(DESCENDING, "."), "ru"), title="Шторм в Марвейле. Онлайн-трансляция"),
]  # fmt: skip

STORY = titled(HEADLINE) + "<div class='byline'>By Tove Askeland</div>" + paragraphs()
BRIEF = f"<p>{PROSE[0]}</p>"


def numbered(n: int, headline: str, summary: str) -> str:
    return f"<h2><a href='{link(n)}'>{n + 1}. {headline}</a></h2><p>{summary}</p>"


LISTICLE = "".join(map(numbered, range(10), HEADLINES["en"], SUMMARIES["en"] * 4))
ANSWERS = "".join(
    f"<h3>{question}</h3><p>{answer}</p>"
    for question, answer in zip(
        ("Why is the pier shut?", "Who pays for it?", "When do ferries sail?", "What of rents?"),
        PROSE,
        strict=True,
    )
)
CLOCKED = "".join(
    f"<h3>{clock}</h3><p>{SUMMARIES['en'][n % 3]}</p>" for n, clock in enumerate(ASCENDING)
)
INTERLEAVED = "".join(
    f"<p>{text}</p><h3><a href='{link(n)}'>Also read: {HEADLINES['en'][n]}</a></h3>"
    for n, text in enumerate(PROSE * 2)
)

ARTICLES = [
    page("thirty teasers below", "/news/2025/pier", STORY + teasers(), ARTICLE),
    page("a brief above thirty teasers", "/pier-to-be-rebuilt", titled(HEADLINE) + BRIEF + teasers(), WEBSITE),
    page("a brief at a short address", "/news/pier", titled(HEADLINE) + BRIEF + teasers(), WEBSITE),
    page("a brief whose title is short", "/news/marvale-pier-rebuilt-4410", titled("Pier rebuilt") + BRIEF + teasers(), WEBSITE),
    page("an article under a category", "/category/harbour/council-votes-for-new-pier", STORY + teasers(), WEBSITE),
    page("an article of a website, no JSON-LD", "/council-votes-for-new-pier/", STORY + teasers(), WEBSITE + NEXT),
    page("an article without a headline element", "/news/4410.html", f"<div class='t1'>{HEADLINE}</div>" + paragraphs() + teasers(), title=f"{HEADLINE} | Lantern"),
    page("an article without any headline", "/news/pier.html", paragraphs() + teasers()),
    page("teasers before the story", "/news/pier", teasers(8) + STORY, WEBSITE),
    page("pointers between all paragraphs", "/news/pier", titled(HEADLINE) + INTERLEAVED, WEBSITE),
    page("an ItemList of related pieces", "/news/pier", STORY + teasers(),
         ld(**{"@type": "ItemList"}) + ld(**{"@type": "NewsArticle", "headline": HEADLINE})),
    page("a CollectionPage around an article", "/news/pier-4410", titled(HEADLINE) + BRIEF + teasers(),
         ld(**{"@type": "NewsArticle", "headline": HEADLINE, "isPartOf": {"@type": "CollectionPage"}})),
    page("a listicle whose headings are links", "/ten-things-to-see-in-marvale", titled("Ten things to see in Marvale this spring") + LISTICLE, WEBSITE),
    page("a listicle at a short address", "/culture/ten-things", titled("Ten things to see in Marvale this spring") + f"<p>{PROSE[3]}</p>" + LISTICLE, WEBSITE),
    page("a recipe", "/recipes/plum-tart", titled("Plum tart") + "<ul><li>300 g flour</li><li>200 g butter</li><li>1 kg plums</li></ul>" + "".join(f"<p>Step {n}: {s}</p>" for n, s in enumerate(SUMMARIES["en"] * 2)) + teasers(12), WEBSITE),
    page("a recipe in short lines", "/recipes/plum-tart", titled("Plum tart") + "".join(f"<p>{t}</p>" for t in ("Rub butter into the flour.", "Stir in one egg and sugar.", "Let the dough rest an hour.", "Stone and quarter the plums.", "Line a tin with the dough.", "Lay the plums in rings.", "Strew almonds over the top.", "Bake for forty minutes, hot.", "Let it cool on a wire rack.", "Dust with sugar when cold.", "Serve it with soured cream.", "It keeps for two days, cool.", "Freeze what you don't need.", "Wrap it well before you do.", "Thaw it slowly overnight, too.")) + teasers(12), WEBSITE),
    page("an encyclopedia's page", "/wiki/Marvale", titled("Marvale") + "<ul>" + "".join(f"<li><a href='#s{n}'>{h}</a></li>" for n, h in enumerate(HEADLINES["en"])) + "</ul>" + paragraphs() + "<ul>" + "".join(f"<li><a href='{link(n)}'>{h}</a></li>" for n, h in enumerate(HEADLINES["en"])) + "</ul>", WEBSITE),
    page("questions and answers", "/faq/pier", titled("The pier: your questions") + ANSWERS + teasers(10), WEBSITE),
    page("a product", "/shop/lantern-mug", titled("Lantern mug") + paragraphs(SUMMARIES["en"] * 3) + teasers(12), WEBSITE),
    page("a press release", "/press/pier", titled("Harbour council: statement on the north pier") + paragraphs() + "<p>Contact: Ilse Brandvik, press office</p>" + teasers(9), WEBSITE),
    page("a newsletter's edition that points elsewhere", "/newsletter/friday", titled("Friday letter") + f"<p>{PROSE[1]}</p>" + "".join(f"<h2><a href='https://other{n}.example/x'>{h}</a></h2><p>{SUMMARIES['en'][n % 3]}</p>" for n, h in enumerate(HEADLINES["en"])), WEBSITE),
    page("an account of a day by the clock", "/news/storm-day-4410", titled("How the storm broke the pier, hour by hour") + CLOCKED, ARTICLE),
    page("an account of people who live there, by the clock", "/news/how-they-live-4410", titled("A day with those who live on the pier") + CLOCKED, ARTICLE),
    page("how to follow something live", "/sport/how-to-watch-live-4410", titled("Marvale United live: where to watch the match") + paragraphs() + teasers(), ARTICLE),
    page("comments with times", "/news/live-music-on-the-pier", titled("Live music returns to the pier") + paragraphs() + "".join(f"<div class='comment'><span>{c}</span><p>{SUMMARIES['en'][0]}</p></div>" for c in DESCENDING), ARTICLE),
    page("a live blog that opens with an article", "/news/storm-live-4410", STORY + live_entries(DESCENDING), LIVE_LD),
    page("a video with a line of text", "/video/pier-in-the-storm-4410", titled("Pier in the storm: the pictures of the night") + "<div>0:42</div>" + teasers(), WEBSITE),
    page("a gallery over several pages", "/pictures/storm-4410", titled("The storm in pictures") + "<p>The north pier at dawn.</p>" + teasers(), WEBSITE + NEXT),
    page("a paywall's stub", "/news/pier-4410", titled(HEADLINE) + f"<p>{PROSE[0][:80]} …</p><div class='paywall'>Subscribe to read on</div>" + teasers(), ARTICLE),
    page("a brief in Chinese", "/a/20250314/c4410.html", titled(HEADLINES["zh"][0]) + f"<p>{SUMMARIES['zh'][0]}</p>" + teasers(language="zh"), WEBSITE),
    page("a brief in Arabic", "/news/4410", "<div dir='rtl'>" + titled(HEADLINES["ar"][0]) + f"<p>{SUMMARIES['ar'][0]}</p>" + teasers(language="ar") + "</div>", WEBSITE),
    page("a microsite's root that is one text", "/", titled("The pier: a reckoning") + paragraphs(PROSE * 2) + teasers(8), WEBSITE),
    page("a table of results in a report", "/sport/regatta-results-4410", titled("Regatta: all results of the weekend") + BRIEF + "<table>" + entries(row) + "</table>", ARTICLE),
    page("a list of dates and events", "/culture/agenda", titled("What is on in Marvale this weekend") + "".join(f"<h3>{c} {h}</h3><p>{SUMMARIES['en'][n % 3]}</p>" for n, (c, h) in enumerate(zip(ASCENDING, HEADLINES["en"], strict=False))), WEBSITE),
    page("a forum's thread", "/forum/thread-4410", titled("Who remembers the old pier?") + "".join(f"<div class='post'><span>{c}</span><p>{t}</p></div>" for c, t in zip(DESCENDING, PROSE * 3, strict=False)), WEBSITE),
]  # fmt: skip


def names(page: Page) -> str:
    return page.name


@pytest.mark.parametrize("listed", LISTINGS, ids=names)
def test_a_list_of_pointers_is_no_article(listed: Page) -> None:
    found = read(listed.markup, url=listed.url)
    assert isinstance(found, Skip), found.article_body
    assert found.reason == "listing"
    assert found.detail is not None
    assert found.detail.count(",") >= 1


@pytest.mark.parametrize("live", LIVE_BLOGS, ids=names)
def test_a_live_blog_is_no_article(live: Page) -> None:
    found = read(live.markup, url=live.url)
    assert isinstance(found, Skip), found.article_body
    assert found.reason == "live_blog"


@pytest.mark.parametrize("story", ARTICLES, ids=names)
def test_what_only_resembles_a_list_is_an_article(story: Page) -> None:
    assert isinstance(read(story.markup, url=story.url), Article)


def test_the_detail_names_the_signals_in_fixed_words() -> None:
    first, other = (
        read(page("x", "/politics", titled("Politics") + entries(card, count=n), WEBSITE).markup, url="https://a.example/politics")
        for n in (7, 10)
    )  # fmt: skip
    assert first == other
    assert first == Skip(
        "listing",
        "entries, section address, og:type website, linked headings, dated, short headline",
    )


def test_a_list_without_an_address_is_told_by_its_own_types_only() -> None:
    body = titled("Politics") + entries(card)
    declared = page("declared", "/", body, ld(**{"@type": "CollectionPage"}))
    assert isinstance(read(declared.markup, url=None), Skip)
    assert isinstance(read(page("silent", "/", body, WEBSITE).markup, url=None), Article)


def test_a_feed_that_dates_a_page_speaks_for_an_article() -> None:
    listed = page("cards", "/politics", titled("Politics") + entries(card), WEBSITE)
    stated = Statement(title="Politics", published=datetime(2025, 3, 14, tzinfo=UTC))
    assert isinstance(read(listed.markup, url=listed.url), Skip)
    assert isinstance(read(listed.markup, url=listed.url, stated=stated), Article)


def test_links_to_other_sites_make_no_section() -> None:
    far = entries(card).replace("href='/", "href='https://elsewhere.example/")
    assert isinstance(read(page("far", "/politics", titled("Politics") + far, WEBSITE).markup, url="https://lantern.example/politics"), Article)  # fmt: skip


def test_an_article_with_its_own_json_ld_is_never_a_list() -> None:
    crowded = html_page().replace("</article>", "</article>" + teasers())
    assert article(crowded).headline == HEADLINE
    assert article(crowded, url="https://lantern.example/news").headline == HEADLINE


def test_an_article_that_only_a_script_holds_is_no_list() -> None:
    body = titled("Harbour") + entries(card)
    held = ld(**{"@type": "NewsArticle", "headline": HEADLINE, "articleBody": " ".join(PROSE)})
    crowded = page("script", "/news/pier", body, WEBSITE + held)
    assert isinstance(read(crowded.markup, url=crowded.url), Article)


def test_times_out_of_order_are_no_live_blog() -> None:
    mixed = tuple(DESCENDING[n] for n in (3, 0, 6, 1, 7, 2, 8, 4, 5))
    body = titled("Storm") + live_entries(mixed, entry=live_entry)
    assert not isinstance(read(page("mixed", "/live/storm", body).markup), Skip)


@pytest.mark.parametrize(
    ("url", "shape"),
    [
        ("https://a.example", "front page"),
        ("https://a.example/", "front page"),
        ("https://a.example/index.html", "front page"),
        ("https://a.example/pt-br/", "front page"),
        ("https://a.example/?p=4410", None),
        ("https://a.example/sport/football", "section address"),
        ("https://a.example/tag/north-pier", "list address"),
        ("https://a.example/tag/all-about-the-north-pier", "list address"),
        ("https://a.example/%D1%82%D0%B5%D0%B3/%D0%BF%D0%BE%D1%80%D1%82", "list address"),
        ("https://a.example/sport/page/12/", "list address"),
        ("https://a.example/2025/03/", "list address"),
        ("https://a.example/2025/03/14/pier", "article address"),
        ("https://a.example/topic/harbour/2025/pier", "article address"),
        ("https://a.example/council-votes-for-new-pier", "article address"),
        ("https://a.example/thema/council-votes-for-pier/4410.html", "article address"),
        ("https://a.example/news/4410", "article address"),
        ("https://a.example/新闻/港口委员会表决重建码头", "article address"),
        ("http://[broken", None),
        (None, None),
    ],
)
def test_the_shape_of_an_address(url: str | None, shape: str | None) -> None:
    assert address_shape(url) == shape


def test_a_title_or_a_long_number_is_a_slug() -> None:
    assert is_slug("council-votes-for-pier")
    assert is_slug("piece-4410")
    assert not is_slug("real-estate")
    assert not is_slug("港口")


def test_the_word_table_is_folded_and_has_every_kind() -> None:
    words = page_words()
    assert set(words) == {"list", "page", "front", "live", "live_alone"}
    assert all(word == word.casefold().strip() and word for kind in words.values() for word in kind)
