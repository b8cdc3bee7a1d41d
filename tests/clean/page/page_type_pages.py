"""Pages of many templates, written for ``test_page_type.py``; Marvale and its papers do not exist."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

HOST = "https://lantern.example"

HEADLINES = {
    "en": (
        "Harbour council votes to rebuild the storm-torn pier",
        "Ferry fares to rise by a fifth before the summer",
        "Night market returns to the old rope works",
        "Schools close early as heat settles over the valley",
        "Lighthouse keeper retires after forty years at sea",
        "Marvale United sign goalkeeper from rivals Ostrand",
        "Bakers warn of flour shortage after a wet harvest",
        "Museum finds lost map behind a cupboard",
        "Court orders shipyard to pay its apprentices",
        "Trams stop for a week while rails are mended",
    ),
    "de": (
        "Hafenrat beschließt Neubau der zerstörten Mole",
        "Fähren nach Ostrand werden im Sommer teurer",
        "Nachtmarkt kehrt in die alte Seilerei zurück",
        "Schulen schließen wegen der Hitze schon mittags",
        "Leuchtturmwärter geht nach vierzig Jahren in Rente",
        "Bäcker warnen vor knappem Mehl im Winter",
        "Museum findet verlorene Karte hinter einem Schrank",
        "Werft muss ihren Lehrlingen Lohn nachzahlen",
    ),
    "es": (
        "El consejo del puerto aprueba reconstruir el muelle",
        "Los billetes del transbordador suben una quinta parte",
        "El mercado nocturno vuelve a la antigua cordelería",
        "Las escuelas cierran antes por el calor en el valle",
        "Se jubila el farero tras cuarenta años frente al mar",
        "Los panaderos avisan de que faltará harina",
        "El museo halla un mapa perdido tras un armario",
        "El juez ordena al astillero pagar a sus aprendices",
    ),
    "ru": (
        "Совет порта решил восстановить разрушенный причал",
        "Билеты на паром подорожают к началу лета",
        "Ночной рынок возвращается в старую канатную мастерскую",
        "Школы закрываются раньше из-за жары в долине",
        "Смотритель маяка уходит на пенсию после сорока лет",
        "Пекари предупреждают о нехватке муки зимой",
        "Музей нашёл пропавшую карту за шкафом",
        "Суд обязал верфь заплатить ученикам",
    ),
    "ar": (
        "مجلس الميناء يقرر إعادة بناء الرصيف المهدم",
        "أسعار تذاكر العبارات ترتفع قبل الصيف",
        "السوق الليلي يعود إلى مصنع الحبال القديم",
        "المدارس تغلق أبوابها مبكرا بسبب الحر",
        "حارس المنارة يتقاعد بعد أربعين عاما",
        "الخبازون يحذرون من نقص الطحين في الشتاء",
        "المتحف يعثر على خريطة مفقودة خلف خزانة",
        "المحكمة تلزم حوض السفن بدفع أجور المتدربين",
    ),
    "he": (
        "מועצת הנמל החליטה לשקם את המזח שנהרס",
        "מחירי המעבורת יעלו לפני תחילת הקיץ",
        "שוק הלילה חוזר אל בית החבלים הישן",
        "בתי הספר נסגרים מוקדם בגלל החום בעמק",
        "שומר המגדלור פורש אחרי ארבעים שנה בים",
        "האופים מזהירים מפני מחסור בקמח בחורף",
        "במוזיאון נמצאה מפה אבודה מאחורי ארון",
        "בית המשפט חייב את המספנה לשלם לחניכים",
    ),
    "zh": (
        "港口委员会表决通过重建被风暴摧毁的码头",
        "渡轮票价将在夏季到来之前上涨两成",
        "夜市重新回到城东的旧制绳厂开张",
        "山谷高温不退全市学校提前放学",
        "灯塔看守人守望大海四十年后退休",
        "面包师警告今年冬天面粉可能短缺",
        "博物馆在旧柜子后面发现失踪的地图",
        "法院判令造船厂向学徒补发工资",
    ),
    "ja": (
        "港湾評議会、嵐で壊れた桟橋の再建を決める",
        "夏を前にフェリー運賃を二割引き上げへ",
        "夜市が旧製縄所の跡地に三年ぶりに戻る",
        "谷の暑さで学校が午前中に下校を早める",
        "灯台守が四十年の勤めを終えて引退する",
        "パン職人が冬の小麦粉不足に注意を促す",
        "博物館の棚の裏から失われた地図が見つかる",
        "裁判所、造船所に見習いの賃金支払いを命じる",
    ),
    "ko": (
        "항만위원회 폭풍에 무너진 부두 재건을 의결",
        "여름을 앞두고 여객선 요금 이십 퍼센트 인상",
        "옛 밧줄 공장에 야시장이 다시 문을 연다",
        "골짜기 폭염에 학교들이 일찍 수업을 마친다",
        "등대지기가 사십 년 근무를 마치고 은퇴한다",
        "제빵사들이 겨울 밀가루 부족을 경고했다",
        "박물관 장식장 뒤에서 잃어버린 지도 발견",
        "법원이 조선소에 견습생 임금 지급을 명령",
    ),
    "hi": (
        "बंदरगाह परिषद ने टूटे घाट को फिर बनाने का फैसला किया",
        "गर्मी से पहले नाव के किराये में बढ़ोतरी होगी",
        "रात का बाजार पुराने रस्सी कारखाने में लौटा",
        "घाटी में गर्मी के कारण स्कूल जल्दी बंद होंगे",
        "चालीस साल बाद प्रकाश स्तंभ का रखवाला सेवानिवृत्त",
        "बेकरी वालों ने आटे की कमी की चेतावनी दी",
        "संग्रहालय में अलमारी के पीछे खोया नक्शा मिला",
        "अदालत ने जहाज कारखाने को वेतन देने को कहा",
    ),
}
SUMMARIES = {
    "en": (
        "Nine million crowns are set aside for the work, which is to begin after the spring tides.",
        "Passengers will wait in a tent on the south quay until the new landing stage is ready.",
        "The town's shopkeepers had asked for help, and the answer is expected before the winter.",
    ),
    "de": (
        "Neun Millionen Kronen liegen bereit, die Arbeiten sollen nach der Springflut beginnen.",
        "Bis der neue Anleger fertig ist, warten die Fahrgäste in einem Zelt am Südkai.",
    ),
    "es": (
        "Nueve millones de coronas se reservan para las obras, que empezarán en primavera.",
        "Los pasajeros esperarán en una carpa del muelle sur hasta que acaben los trabajos.",
    ),
    "ru": (
        "На работы выделено девять миллионов крон, они начнутся после весенних приливов.",
        "Пока не готов новый причал, пассажиры будут ждать в шатре на южной набережной.",
    ),
    "ar": (
        "خصص المجلس تسعة ملايين كرون للأعمال التي ستبدأ بعد مد الربيع في الشهر المقبل",
        "سينتظر الركاب في خيمة على الرصيف الجنوبي إلى أن يكتمل بناء المرسى الجديد",
    ),
    "he": (
        "תשעה מיליון כתרים הוקצו לעבודות, והן יחלו אחרי גאות האביב בחודש הבא",
        "הנוסעים ימתינו באוהל על הרציף הדרומי עד שיושלם המעגן החדש של העיר",
    ),
    "zh": (
        "委员会为工程拨出九百万克朗，工程将在春潮过后开始，预计历时两年。",
        "新码头建成之前，乘客将在南岸搭起的帐篷里候船，直到明年夏天。",
    ),
    "ja": (
        "工事には九百万クローネが充てられ、春の大潮のあとに着工し二年ほどかかる見込み。",
        "新しい乗り場ができるまで、乗客は南岸に張られたテントで船を待つことになる。",
    ),
    "ko": (
        "공사에는 구백만 크로네가 배정되었으며 봄 사리가 지난 뒤 시작되어 두 해가 걸린다.",
        "새 선착장이 마련될 때까지 승객들은 남쪽 부두의 천막에서 배를 기다리게 된다.",
    ),
    "hi": (
        "काम के लिए नब्बे लाख क्राउन रखे गए हैं और यह वसंत के ज्वार के बाद शुरू होगा।",
        "नया घाट तैयार होने तक यात्री दक्षिणी किनारे पर लगे तंबू में इंतजार करेंगे।",
    ),
}
PROSE = (
    "The harbour council voted on Thursday to rebuild the north pier, which a winter storm had "
    "torn apart in January, and set aside nine million crowns for the work.",
    "Engineers told the council that the old timber could not be saved. They had looked at every "
    "post, said the head of the survey, and most of them were hollow.",
    "Work is to begin in May and to end before the herring season. Until then ferries will leave "
    "from the south quay, where passengers wait in a tent.",
    "Shop owners on the pier asked for help with their rents. The council said that it would "
    "decide on that request at its next meeting in the town hall.",
)


@dataclass(frozen=True, slots=True)
class Page:
    """A page with the name of its template."""

    name: str
    path: str
    markup: str

    @property
    def url(self) -> str:
        """Its address."""
        return HOST + self.path


def page(name: str, path: str, body: str, head: str = "", title: str = "") -> Page:
    """A page with the chrome that news sites have."""
    menu = "".join(f"<li><a href='/{s}'>{s.title()}</a></li>" for s in ("news", "sport", "arts"))
    markup = (
        f"<!DOCTYPE html><html><head><title>{title or 'The Marvale Lantern'}</title>{head}</head>"
        f"<body><nav><ul>{menu}</ul></nav><main>{body}</main>"
        "<footer><p>© The Marvale Lantern, harbour street 4, Marvale</p></footer></body></html>"
    )
    return Page(name, path, markup)


Entry = Callable[[str, str, int], str]


def entries(entry: Entry, language: str = "en", count: int = 8) -> str:
    """``count`` entries of one template."""
    headlines, summaries = HEADLINES[language], SUMMARIES[language]
    return "".join(
        entry(headlines[n % len(headlines)], summaries[n % len(summaries)], n) for n in range(count)
    )


def link(n: int) -> str:
    """The address of the n-th piece."""
    return f"/2025/03/{n + 10}/piece-of-news-{4100 + n}"


def card(headline: str, summary: str, n: int) -> str:
    """A card: linked heading, summary, age."""
    return (
        f"<article class='card'><h2><a href='{link(n)}'>{headline}</a></h2><p>{summary}</p>"
        f"<time>{n + 1} hours ago</time></article>"
    )


def whole_link(headline: str, summary: str, n: int) -> str:
    """A card that is one link."""
    return f"<a class='tile' href='{link(n)}'><h3>{headline}</h3><p>{summary}</p></a>"


def row(headline: str, summary: str, n: int) -> str:
    """A table's row."""
    return f"<tr><td>{n + 10}.03.2025</td><td><a href='{link(n)}'>{headline}</a></td></tr>"


def definition(headline: str, summary: str, n: int) -> str:
    """A definition list's pair."""
    return f"<dt><a href='{link(n)}'>{headline}</a></dt><dd>{summary}</dd>"


def dated_item(headline: str, summary: str, n: int) -> str:
    """A list item with its time in the line."""
    return f"<li><time>{n + 9}:1{n % 10}</time> <a href='{link(n)}'>{headline}</a></li>"


def bare_tile(headline: str, summary: str, n: int) -> str:
    """A tile without heading elements, as scripts append them."""
    return (
        f"<div class='tile tile--{n}'><div class='label'>Local</div>"
        f"<div class='name'><a href='{HOST}{link(n)}'>{headline}</a></div>"
        f"<div class='when'>{n + 1} March 2025</div></div>"
    )


def font_item(headline: str, summary: str, n: int) -> str:
    """An entry as pages of the nineties have them."""
    return f"<font size=3><a href='{link(n)}'><b>{headline}</b></a></font><br><br>{summary}<br><br>"


def result(headline: str, summary: str, n: int) -> str:
    """A search result."""
    return (
        f"<li class='hit'><h3><a href='{link(n)}'>{headline}</a></h3>"
        f"<p>… {summary} …</p><cite>{HOST}{link(n)}</cite></li>"
    )


def video(headline: str, summary: str, n: int) -> str:
    """A video's tile: picture and title linked apart, length between."""
    return (
        f"<div class='clip'><a href='{link(n)}'><img src='{n}.jpg'></a><span>0{n}:3{n % 10}</span>"
        f"<h4><a href='{link(n)}'>{headline}</a></h4></div>"
    )


def full_post(headline: str, summary: str, n: int) -> str:
    """A whole post on a blog's front."""
    return (
        f"<div class='post' id='post-{n}'><h2><a href='{link(n)}'>{headline}</a></h2>"
        f"<div class='meta'>{n + 1} March 2025</div>"
        + "".join(f"<p>{p}</p>" for p in PROSE)
        + "<a href='#'>0 comments</a></div>"
    )


def teasers(count: int = 30, language: str = "en") -> str:
    """Related pieces beside or below an article, in no chrome that tells."""
    return f"<section class='x9'><h2>More</h2>{entries(card, language, count)}</section>"


def paragraphs(texts: Sequence[str] = PROSE) -> str:
    """``texts`` as paragraphs."""
    return "".join(f"<p>{text}</p>" for text in texts)


def live_entry(clock: str, title: str, texts: Sequence[str]) -> str:
    """An entry of a live blog."""
    return (
        f"<section class='entry'><time>{clock}</time><h3>{title}</h3>"
        + paragraphs(texts)
        + "</section>"
    )


def live_entries(
    clocks: Sequence[str], language: str = "en", entry: Callable[..., str] = live_entry
) -> str:
    """A live blog's entries in the order of ``clocks``."""
    headlines, summaries = HEADLINES[language], SUMMARIES[language]
    return "".join(
        entry(clock, headlines[n % len(headlines)], (summaries[n % len(summaries)],))
        for n, clock in enumerate(clocks)
    )


DESCENDING = tuple(f"{20 - n}:{(47 - 7 * n) % 60:02}" for n in range(9))
ASCENDING = tuple(reversed(DESCENDING))
