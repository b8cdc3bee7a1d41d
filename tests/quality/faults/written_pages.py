"""Pages written for the fault list: what looks odd in the news and is right, and what is no article."""

from __future__ import annotations

from html import escape

HEAD = (
    "<!doctype html><html lang='{lang}'><head><meta charset='utf-8'><title>{headline}</title>"
    "{stamp}{head}</head><body><nav><a href='/'>{home}</a> <a href='/sea'>{sea}</a></nav>"
)


def html_page(
    headline: str,
    *paragraphs: str,
    lang: str = "en",
    published: str | None = "2026-03-02T08:00:00Z",
    head: str = "",
    extra: str = "",
) -> bytes:
    """A page with one article: a headline, paragraphs as given, and ``extra`` markup behind them."""
    stamp = ""
    if published:
        stamp = f"<meta property='article:published_time' content='{published}'>"
    opening = HEAD.format(
        lang=lang, headline=escape(headline), stamp=stamp, head=head, home="Home", sea="Sea"
    )
    body = "".join(f"<p>{escape(text)}</p>" for text in paragraphs)
    return (
        f"{opening}<article><h1>{escape(headline)}</h1>{body}{extra}</article>"
        "<footer>All tides are approximate.</footer></body></html>"
    ).encode()


HARBOUR = (
    "The harbour office of Lerwick will keep its lights on through the night from Monday, after"
    " three crews asked for a berth in February and found nobody awake.",
    "“A boat does not choose its hour,” said the harbour master, Ailsa Mouat, who will share the"
    " watch with two colleagues until the end of April.",
    "The council pays for the third post out of fees, which rise by four pence a metre. Owners of"
    " small boats were heard in January and had no objection.",
)


def harbour_story(number: int, headline: str | None = None, *, published: bool = True) -> bytes:
    """One of as many different articles as are asked for."""
    places = ("Scalloway", "Voe", "Brae", "Sandwick", "Walls", "Bixter", "Hillswick", "Aith")
    place = f"{places[number % len(places)]} {number}"
    return html_page(
        headline or f"{place} counts its boats",
        f"The pier at {place} had {number + 31} boats on Sunday, which is {number + 2} more than"
        " on the same day of last year, the harbour office wrote in its weekly letter.",
        f"Most of them came from the north. The crew of number {number + 400} stayed for two"
        f" nights, bought bread and diesel, and left for {places[(number + 3) % len(places)]} at"
        " first light.",
        f"The office of {place} wants to lay {number + 5} more moorings before the summer, and"
        " will ask the council for the money in April.",
        published="2026-03-02T08:00:00Z" if published else None,
    )


CONSENT = html_page(
    "Before you read on",
    "We and our partners store and/or access information on a device, such as cookies, and"
    " process personal data such as unique identifiers for personalised content.",
    "With your consent we may use precise geolocation data. You may accept all or manage your"
    " cookie preferences at any time on this page; some of our partners rely on legitimate"
    " interest.",
    "You can withdraw your consent with a click on the link at the foot of each page. Our privacy"
    " policy says more about how long data are kept.",
    published=None,
)
CONSENT_GERMAN = html_page(
    "Ihre Auswahl",
    "Wir und unsere Partner speichern Informationen auf Ihrem Gerät und lesen sie dort aus, zum"
    " Beispiel eindeutige Kennungen in Cookies, um Anzeigen zu messen.",
    "Mit einem Klick auf „Alle akzeptieren“ erteilen Sie Ihre Einwilligung. Sie gilt für alle"
    " Seiten dieses Angebots und kann jederzeit widerrufen werden; mehr dazu steht in der"
    " Datenschutzerklärung.",
    lang="de",
    published=None,
)
NOT_FOUND = html_page(
    "Oh dear",
    "Sorry, the page you requested could not be found on this server. It may have been moved, or"
    " it no longer exists under the address that you followed.",
    "Please check the address and try again, or go back to the home page of our site and look for"
    " it there by its title. Error 404.",
    published=None,
)
NO_SCRIPT = html_page(
    "One moment",
    "Please enable JavaScript in your browser to view this site. Without it we cannot verify that"
    " you are human, and the articles of this site cannot be shown to you.",
    "If you use an extension that blocks advertisements, disable your ad blocker for this site and"
    " reload the page. It takes a few seconds only.",
    published=None,
)
UNDECODED = html_page(
    "Havnevakt om natten",
    "Havnekontoret i Troms\ufffd holder \ufffdpent om natten fra mandag, etter at tre mannskaper"
    " spurte om plass i februar og ikke fant noen v\ufffdken.",
    "Kommunen betaler for den tredje stillingen med avgifter, som \ufffdker med fire \ufffdre per"
    " meter. Eierne av sm\ufffd b\ufffdter ble h\ufffdrt i januar.",
)

LONG_READ = html_page(
    "Forty winters on one pier",
    *(
        f"In the winter of {1980 + year} the ice came up to the {place}, and Ailsa Mouat wrote in"
        f" her book that {year + 3} boats had turned back before dark. She has kept such a book"
        f" since she was {year + 17}, one line for each boat, and nobody has asked for it yet."
        for year in range(40)
        for place in ("breakwater", "slipway", "old crane")
    ),
)
LIVE_TEXT = html_page(
    "Storm Torvald: what we know so far",
    "10.40 The ferry to Unst will not sail before noon, the operator says. Passengers with a car"
    " are asked to call before they drive to the terminal.",
    "10.05 The bridge at Burra is closed to high vehicles. Lorries wait on both sides, and the"
    " police ask drivers to turn off their engines.",
    "09.30 Gusts of 87 miles an hour were measured at Sumburgh shortly after nine. The airport"
    " stays open for the time being.",
)
GALLERY = html_page(
    "Up Helly Aa in pictures",
    "Nine hundred torches, one longship and a clear sky: the procession of Tuesday night as our"
    " readers saw it from the Hillhead, the quay and their own windows.",
    extra="".join(
        f"<figure><img src='/{n}.jpg' alt=''><figcaption>Picture {n} of 12: the squad of"
        f" ward {n} before the burning. Photo: J. Hunter</figcaption></figure>"
        for n in range(1, 13)
    ),
)
ARABIC = html_page(
    "الميناء يفتح مكتبه ليلا",
    "قالت إدارة الميناء يوم الاثنين إن مكتبها سيبقى مفتوحا طوال الليل ابتداء من الأسبوع المقبل، بعد أن"
    " انتظرت ثلاث سفن خارج الحاجز في شهر فبراير ولم تجد من يجيب على ندائها.",
    "وأضافت مديرة الميناء أن موظفين اثنين سيتقاسمان المناوبة حتى نهاية أبريل، وأن الصيادين رحبوا بالقرار"
    " لأن قواربهم الصغيرة كانت تغادر الممر ليلا.",
    lang="ar",
)
THAI = html_page(
    "ท่าเรือเปิดสำนักงานตลอดคืน",
    "สำนักงานท่าเรือประกาศเมื่อวันจันทร์ว่าจะเปิดทำการตลอดคืนตั้งแต่สัปดาห์หน้าเป็นต้นไป"
    " หลังจากเรือสามลำต้องรออยู่นอกแนวกันคลื่นในเดือนกุมภาพันธ์โดยไม่มีใครตอบรับวิทยุ",
    "ผู้จัดการท่าเรือกล่าวว่าเจ้าหน้าที่สองคนจะผลัดกันเข้าเวรจนถึงสิ้นเดือนเมษายน และชาวประมงในหมู่บ้านต่างยินดีกับเรื่องนี้",
    lang="th",
)
AMHARIC = html_page(
    "የወደቡ ቢሮ ሌሊቱን ሙሉ ክፍት ይሆናል",
    "የወደቡ አስተዳደር ከሚቀጥለው ሳምንት ጀምሮ ቢሮው ሌሊቱን ሙሉ ክፍት እንደሚሆን ሰኞ ዕለት አስታወቀ። ባለፈው ወር ሦስት መርከቦች ከወደቡ ውጭ ቆመው"
    " ለጥሪያቸው መልስ አላገኙም ነበር።",
    "የወደቡ ኃላፊ ሁለት ሠራተኞች እስከ ሚያዝያ መጨረሻ ድረስ በፈረቃ እንደሚሠሩ ተናግረዋል። ዓሣ አጥማጆችም ውሳኔውን በደስታ ተቀብለውታል።",
    lang="am",
)
JAPANESE = html_page(
    "港の事務所、夜間も開放へ",
    "港湾事務所は月曜日、来週から夜間も窓口を開けると発表した。二月に三隻の船が防波堤の外で一晩待ったが、無線に答える者がいなかったためだ。",
    "所長によると、二人の職員が四月末まで交代で当直に就く。小型船の持ち主からは歓迎の声が上がっており、料金は一メートルにつき十円上がる。",
    lang="ja",
)
ABOUT_COOKIES = html_page(
    "Regulator fines retailer over its cookie banner",
    "The data protection office has fined a furniture retailer two million crowns because its"
    " cookie banner had a large button to agree and a small grey link to decline.",
    "“We use cookies to make your visit pleasant” was all that visitors could read on a telephone"
    " without scrolling, the office found when it looked at the site in October.",
    "The retailer said that it had changed the banner in November and would appeal. Its lawyer,"
    " Mette Krogh, called the sum out of proportion to what had happened.",
    "Two other shops were warned. The office, which had asked twelve companies to explain their"
    " practice last year, plans to look at newspapers next, a spokesman told reporters.",
)
ABOUT_ERRORS = html_page(
    "Page not found: the museum that collects dead addresses",
    "A small museum in Tallinn shows what is left of the web's first ten years, and its most"
    " visited room holds nothing but error messages.",
    "“The page you requested could not be found” hangs in a golden frame beside forty translations"
    " of it. Visitors may sit at a beige computer and get lost on purpose.",
    "Its founder, Kaarel Tamm, began to print them in 1998, when a map that he needed for a"
    " bicycle tour had gone. He has eleven thousand today, each with its address and its hour.",
    "On Sundays he gives a talk on the number 404. It is booked out until June.",
)
SAME_HEADLINE = (
    html_page("Letters to the editor", *HARBOUR),
    harbour_story(71, "Letters to the editor"),
)
CORRECTED = (
    html_page("Lerwick keeps its lights on", *HARBOUR),
    html_page("Lerwick keeps its lights on", *HARBOUR),
)
ABOUT_MARKUP = html_page(
    "In praise of the humble tag",
    "I learnt to write for the web with eight tags. A heading stood between <h1> and </h1>, a"
    " paragraph began with <p>, and whoever wanted to shout wrote <b>now</b> and was heard.",
    "Nobody closes anything today. My nephew builds pages out of <div> inside <div>, and when I"
    " ask him where the text is, he shows me a script and a smile.",
    "There was a tag for blinking text, <blink>, and a good one for sliding text, <marquee>. I"
    " miss neither, but I miss the people who wrote &nbsp; with care.",
)
OLD_DATE_QUOTED = html_page(
    "The treaty that nobody signed",
    "On 1 January 1970 the ministers of five states met in a hotel at Oban to sign a treaty on"
    " herring. The text had been ready since 14 December 1969, and the pens were on the table.",
    "What happened then is told in a letter dated 3 January 1970 that the archive in Edinburgh"
    " opened last week. The hotel's heating had failed, and three of the five went home.",
    published="2026-03-01T17:20:00Z",
)
UNDATED = html_page("A bench for the quay", *HARBOUR[:2], published=None)
ARCHIVE_PIECE = html_page(
    "From our archive: the night the ferry came in backwards",
    "This report was first printed on 12 November 1975 and is shown here as it was. The ferry from"
    " Aberdeen made fast at Holmsgarth with her stern to the sea, for want of a working rudder.",
    "Her master, who asked that his name be left out, had turned her twice off Bressay. No"
    " passenger was hurt, though much soup was lost.",
    published="1975-11-12T06:00:00Z",
)
CAPITALS = html_page("FERRY TO UNST CANCELLED UNTIL FURTHER NOTICE", *HARBOUR)
POEM = html_page(
    "The poem of the week: Inventory",
    extra=(
        "<p>Four ropes, a lamp, a tin of nails,<br>the smell of tar in August rain,<br>a list of"
        " all the summer's sails<br>that left and were not seen again.</p><p>A clock that runs"
        " an hour late,<br>two cups, a chair without a back,<br>the ferry's book of birth and"
        " freight,<br>an oilskin hanging, long and black.</p><p>Ingrid Halcro was born in Yell"
        " and works as a ship's carpenter. This poem is from her second book, which is out in"
        " April.</p>"
    ),
)
RESULTS = html_page(
    "County cup: all results of the weekend",
    "Rain made the pitches heavy on Saturday, and only two of the eight home teams won. The"
    " quarter-finals will be drawn at the club house of Delting on Thursday.",
    "Our table has the results as the referees reported them, with the goals of each half.",
    extra="<table><tr><th>Home</th><th>Away</th><th>Goals</th></tr>"
    + "".join(
        f"<tr><td>{home}</td><td>{away}</td><td>{n}:{(n * 3) % 5}</td></tr>"
        for n, (home, away) in enumerate(
            [("Whalsay", "Ness United"), ("Delting", "Celtic"), ("Spurs", "Scalloway"),
             ("Unst", "Thistle"), ("Yell", "Whitedale"), ("Burra", "Bressay"),
             ("Brae", "Sandwick"), ("Walls", "Aith")]
        )
    )
    + "</table>",
)  # fmt: skip
INTERVIEW = html_page(
    "“I never learnt to swim”",
    "Ailsa Mouat has run the harbour of Lerwick for eleven years. We spoke to her on the night"
    " watch, between two boats.",
    "You are the first woman in this office. Does anybody still remark on it?",
    "The seals do not. Some skippers did in the first winter, and then they needed a berth.",
    "Is it true that you do not swim?",
    "I never learnt to. My grandmother said that those who swim die slower, and I have kept out of"
    " the water ever since.",
)
PAYWALLED = html_page(
    "Islands bank closes its last branch",
    "The last branch of the islands' savings bank will close in June, its board told the staff on"
    " Friday evening. Eleven people lose their posts. Customers are asked to use the counter of"
    " the post office, which opens on three mornings a week, or a telephone line in Inverness that"
    " the board calls friendly. The council had offered rooms without rent.",
    extra="<div class='paywall'><p>Subscribe to read on. You have read your three free"
    " articles.</p></div>",
    head='<script type=\'application/ld+json\'>{"@context":"https://schema.org",'
    '"@type":"NewsArticle","headline":"Islands bank closes its last branch",'
    '"isAccessibleForFree":false}</script>',
)
ON_MISREADING = html_page(
    "Why my name is MÃ¼ller on every parcel",
    "The parcel service prints my name with a copyright sign. It has done so for nine years, in"
    " three countries, and the drivers have learnt to read it aloud.",
    "What they see is called mojibake: two bytes that mean one letter, read as two letters. An ü"
    " becomes Ã¼, and nobody in the chain of nine machines is to blame for it.",
    "I asked the company for a correction in 2019. The answer was addressed to somebody else.",
)
ON_CODE = html_page(
    "The line that stopped the lifts",
    "A single line stopped forty lifts in Gothenburg on Friday. It read document.write(floor) and"
    " stood in a panel that nobody had touched since 2011, the operator said.",
    "Engineers found it after six hours. They replaced it by a number, painted on the wall.",
)
SECTIONS = [html_page("Watch kept", *HARBOUR)] * 3
COLUMN = [
    harbour_story(number, "Notes" if number > 5 else None, published=number > 2)
    for number in range(8)
]
ALL = {
    "a long read": [LONG_READ],
    "a live text": [LIVE_TEXT],
    "a gallery with a short text": [GALLERY],
    "a page in Arabic": [ARABIC],
    "a page in Thai": [THAI],
    "a page in Amharic": [AMHARIC],
    "a page in Japanese": [JAPANESE],
    "an article about cookies": [ABOUT_COOKIES],
    "an article about error pages": [ABOUT_ERRORS],
    "a headline equal to another article's": [*SAME_HEADLINE],
    "a correction under two addresses": [*CORRECTED],
    "a text in three sections of a site": SECTIONS,
    "a site's day: a column's head twice, three stories undated": COLUMN,
    "an opinion piece that quotes tags": [ABOUT_MARKUP],
    "an article that quotes old dates": [OLD_DATE_QUOTED],
    "a page without a date": [UNDATED],
    "a piece of 1975, published again": [ARCHIVE_PIECE],
    "a headline in capitals": [CAPITALS],
    "a poem": [POEM],
    "results in a table": [RESULTS],
    "an interview": [INTERVIEW],
    "sixty words before a paywall": [PAYWALLED],
    "an article about misread letters": [ON_MISREADING],
    "an article that quotes a line of code": [ON_CODE],
}
"""Pages of one site by what is unusual about them; all are articles, and right as they are."""
WIRE = [html_page("The watch is kept", *HARBOUR)] * 8
"""One text, for as many sites."""
