"""The same invented news in many languages, for what must hold in each; written for these tests."""

from __future__ import annotations

SENTENCES = {
    "ar": "قرر مجلس الميناء يوم الخميس إعادة بناء الرصيف الشمالي بعد العاصفة. وقال المهندس: «كان معظم الأعمدة أجوف».",
    "bg": "Съветът на пристанището реши в четвъртък да построи отново северния кей. „Повечето стълбове бяха кухи“, каза инженерът.",
    "cs": "Přístavní rada ve čtvrtek rozhodla, že severní molo znovu postaví. „Většina kůlů byla dutá,“ řekla inženýrka.",
    "da": "Havnerådet besluttede torsdag at genopføre den nordlige mole – efter stormen i januar. »De fleste pæle var hule,« sagde ingeniøren.",
    "de": "Der Hafenrat beschloss am Donnerstag, die nördliche Mole für fünf Millionen wieder aufzubauen. „Die meisten Pfähle waren hohl“, sagte die Ingenieurin.",
    "el": "Το συμβούλιο του λιμανιού αποφάσισε την Πέμπτη να ξαναχτίσει τη βόρεια προβλήτα. «Οι περισσότεροι πάσσαλοι ήταν κούφιοι», είπε η μηχανικός.",
    "en": "The harbour council decided on Thursday to rebuild the north pier – it will cost £9 million. “Most of the posts were hollow,” the engineer said; she doesn’t expect delays.",
    "es": "El consejo del puerto decidió el jueves reconstruir el muelle del norte después de la tormenta. «La mayoría de los pilotes estaban huecos», señaló la ingeniera española.",
    "fr": "Le conseil du port a décidé jeudi de reconstruire la jetée nord, abîmée par la tempête. « La plupart des pieux étaient creux », a déclaré l’ingénieure à la presse.",
    "he": "מועצת הנמל החליטה ביום חמישי לבנות מחדש את הרציף הצפוני אחרי הסערה. רוב העמודים היו חלולים, אמרה המהנדסת.",
    "hi": "बंदरगाह परिषद ने गुरुवार को उत्तरी घाट को फिर से बनाने का फैसला किया। इंजीनियर ने कहा कि ज्यादातर खंभे खोखले थे।",
    "hu": "A kikötői tanács csütörtökön úgy döntött, hogy újjáépíti az északi mólót. „A legtöbb cölöp üreges volt” – mondta a mérnöknő.",
    "it": "Il consiglio del porto ha deciso giovedì di ricostruire il molo nord: costerà di più. «La maggior parte dei pali era cava, perciò non c’è tempo», ha detto l’ingegnera.",
    "ja": "港湾評議会は木曜日、冬の嵐で壊れた北の桟橋を再建することを決めた。「ほとんどの柱は空洞だった」と技術者は述べた。",
    "ko": "항만 위원회는 목요일 폭풍으로 무너진 북쪽 부두를 다시 짓기로 결정했다. 기술자는 “기둥 대부분이 비어 있었다”고 말했다.",
    "pl": "Rada portu zdecydowała w czwartek o odbudowie północnego mola. „Większość słupów była pusta w środku” – powiedziała inżynierka, żądając pośpiechu.",
    "pt": "O conselho do porto decidiu na quinta-feira reconstruir o cais norte após a tempestade. “A maioria das estacas não tinha miolo”, disse a engenheira à população.",
    "ro": "Consiliul portului a hotărât joi să reconstruiască digul de nord după furtună. „Cei mai mulți stâlpi erau goi pe dinăuntru”, a spus inginera.",
    "ru": "Совет порта решил в четверг заново построить северный причал. «Большинство свай оказались полыми», — сказала инженер.",
    "sv": "Hamnrådet beslutade på torsdagen att bygga upp den norra piren igen efter stormen. ”De flesta pålarna var ihåliga”, sade ingenjören.",
    "th": "สภาท่าเรือตัดสินใจเมื่อวันพฤหัสบดีที่จะสร้างท่าเรือทางเหนือขึ้นใหม่หลังพายุ วิศวกรกล่าวว่าเสาส่วนใหญ่กลวง",
    "tr": "Liman meclisi perşembe günü fırtınada yıkılan kuzey iskelesini yeniden inşa etmeye karar verdi. Mühendis, “Direklerin çoğunun içi boştu,” dedi.",
    "uk": "Рада порту вирішила в четвер наново збудувати північний причал. «Більшість паль виявилися порожніми», — сказала інженерка.",
    "vi": "Hội đồng cảng hôm thứ Năm quyết định xây lại cầu tàu phía bắc sau cơn bão. Kỹ sư nói rằng phần lớn các cột đã rỗng.",
    "zh": "港口委员会星期四决定重建在冬季风暴中损坏的北码头。工程师说：“大多数木桩都是空心的。”",
}
"""By ISO 639-1 code: two sentences, with the marks that print uses in that language."""
