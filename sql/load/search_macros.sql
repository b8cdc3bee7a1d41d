-- What a word is, for the texts and for what is asked: macros of the session, nothing that is stored.
-- Small letters, composed; marks of width go, unseen characters within words go.
CREATE OR REPLACE TEMP MACRO small_letters(printed) AS
translate(
    lower(nfc_normalize(printed)),
    '０１２３４５６７８９ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ'
    || '٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹०१२३४५६७८९' || chr(173) || chr(8203) || chr(8204) || chr(8205) || chr(1600),
    '0123456789abcdefghijklmnopqrstuvwxyz012345678901234567890123456789'
);

-- Accents go where they are no letters of their own: vowel signs of Indic and South-East Asian scripts stay.
CREATE OR REPLACE TEMP MACRO without_accents(word) AS
CASE
    WHEN
        regexp_matches(
            word,
            '[^\p{Latin}\p{Greek}\p{Cyrillic}\p{Arabic}\p{Hebrew}\p{Armenian}\p{Georgian}\p{N}\p{Inherited}\p{Common}]'
        )
        THEN word
    ELSE replace(replace(replace(translate(strip_accents(word), 'øłđıς', 'oldiσ'), 'æ', 'ae'), 'œ', 'oe'), 'ß', 'ss')
END;

-- Runs of letters, digits and marks. Scripts that are written without spaces, and Korean, which joins
-- particles to words, become overlapping pairs of characters (first the odd ones, then the even ones).
CREATE OR REPLACE TEMP MACRO words_in(small) AS
flatten(list_transform(
    regexp_extract_all(
        regexp_replace(
            small, '([\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}\p{Khmer}\p{Lao}\p{Myanmar}ー々]+)', ' \1 ', 'g'
        ),
        '[\p{L}\p{N}\p{M}]+'
    ),
    LAMBDA run: CASE
        WHEN
            length(run) > 1
            AND regexp_matches(
                run, '^[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}\p{Khmer}\p{Lao}\p{Myanmar}ー々]'
            )
            THEN regexp_extract_all(run, '..') || regexp_extract_all(substring(run, 2), '..')
        ELSE [run]
    END
));
