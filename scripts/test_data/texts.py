"""Texts of every kind for the reference data: deterministic, so that a run writes the same files again."""
import gzip
import json
import pathlib
import random

ROOT = pathlib.Path(__file__).resolve().parents[2]
FIELDS = ("seeking", "offering", "who_you_serve", "what_you_do", "bio", "social_proof")

HAND = [
    "",
    " ",
    "a",
    "\n\r\t ",
    "Hello, world!",
    "UPPER lower MiXeD",
    "naïve café résumé Zürich İstanbul ÅNGSTRÖM",
    "cafe\u0301 n\u0303 a\u0308\u0323 combining e\u0301\u0302\u0303",
    "ǅ ǆ ß ẞ ﬁ ﬃ ſ K Å \u0130 I \u0131 i",
    "ΟΔΥΣΣΕΥΣ Σ σς ΐ Ὀδυσσεύς",
    "Привет, мир! Ёлка йод ЙОД",
    "你好世界 mixed 漢字 and かな カタカナ 한국어 글자",
    "豈更車 \U0002F800\U00020000\U0002A700\U0002B920 ideographs",
    "العربية مَدرسة עִבְרִית हिन्दी ไทย தமிழ்",
    "emoji 😀 👩‍👩‍👧‍👦 🇩🇪 ☕️ 1️⃣ ❤️‍🔥 👍🏽",
    "nul \0 inside, bell \a, escape \x1b[0m, delete \x7f, nel \x85, c1 \x9b",
    "zero\u200bwidth soft\u00adhyphen bom\ufeff word\u2060joiner \u202eright to left\u202c",
    "spaces\u00a0nbsp\u1680ogham\u2003em\u2028line\u2029paragraph\u202fnarrow\u3000ideographic",
    "unassigned \u0378 \u0379 \U000e0080 private \ue000 \uf8ff \U000f0000 noncharacter \ufdd0 \uffff \U0010ffff",
    "replacement \ufffd character",
    "control tokens as text: [CLS] [SEP] [PAD] [MASK] [UNK] [unused1] ##ing",
    "[CLS]",
    "x[SEP]y",
    "punctuation !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~ “quotes” ‘single’ – — … « » ¿ ¡ § ¶ · ‐ ‰ ′ ※",
    "symbols are words: € £ ¥ © ® ™ ° ± × ÷ √ ∞ ≠ ← → ■ ★",
    "greek question mark \u037e and varia \u1fef decompose to ASCII",
    "newer punctuation \u061d \u0c77 \u2e43 \u2e52 \U00010ead \u166d",
    "mail@example.com https://example.com/a?b=c&d=%20 #hashtag @handle 1,234.56 $99.00 3.14e-10 v2.0.1",
    "don't won't it's O'Neill rock'n'roll state-of-the-art and/or",
    "supercalifragilisticexpialidocious antidisestablishmentarianism pneumonoultramicroscopicsilicovolcanoconiosis",
    "w" * 99 + " " + "w" * 100 + " " + "w" * 101 + " end",
    "é" * 100 + " " + "é" * 101,
    "ab" * 5000,
    "word " * 300,
    "word " * 254,
    "word " * 253 + "last",
    "word " * 254 + "\u200b \n",
    "漢" * 400,
    "." * 400,
    "<p>HTML &amp; <b>entities</b><br/>&nbsp;&#8217;<script>alert(1)</script></p>",
    "{\"json\": [1, 2, {\"k\": null}]}\t| table | cell |\n- list\n1. item\n\n```code```",
    "1234567890 ①②③ ½ ¼ ² ³ ₂ Ⅷ ⅷ ٣ ३",
    "ﷺ ﷽ ㌀ ㍿ Ǆ ŉ",
    "\u1100\u1161\u11a8 \uac01 hangul jamo",
    "\u0e01\u0e33 \u0eb3 \u0f71\u0f72\u0f74 \u302e\u302f",
]

# Blocks that texts of people hold, and some that they do not.
BLOCKS = [
    (0x20, 0x7E), (0xA0, 0xFF), (0x100, 0x17F), (0x180, 0x24F), (0x2B0, 0x36F), (0x370, 0x3FF), (0x400, 0x52F),
    (0x530, 0x58F), (0x590, 0x6FF), (0x900, 0x97F), (0xB80, 0xBFF), (0xE00, 0xEFF), (0x10A0, 0x11FF),
    (0x1E00, 0x1FFF), (0x2000, 0x206F), (0x20A0, 0x214F), (0x2190, 0x23FF), (0x2E00, 0x2E7F), (0x3000, 0x30FF),
    (0x3400, 0x3500), (0x4E00, 0x5000), (0xAC00, 0xAD00), (0xF900, 0xFA6F), (0xFB00, 0xFDFF), (0xFE00, 0xFFFD),
    (0x1D400, 0x1D7FF), (0x1F300, 0x1F6FF), (0x20000, 0x20100), (0x0, 0x1F), (0xE000, 0xE010),
]


def fixture_texts(count):
    rows = []
    with gzip.open(ROOT / "tests/data/fixtures/profiles-3143.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            rows += [row[f] for f in FIELDS if row.get(f)]
    return random.Random(1).sample(rows, count)


def random_texts(count):
    pick = random.Random(2)
    out = []
    for _ in range(count):
        blocks = pick.sample(BLOCKS, pick.randint(1, 3)) + [(0x61, 0x7A), (0x20, 0x20)]
        chars = (chr(pick.randint(*pick.choice(blocks))) for _ in range(pick.randint(1, 60)))
        out.append("".join(chars))
    return out


def accented_texts(count):
    """Real texts with accents, upper case and marks put over their letters."""
    pick = random.Random(3)
    out = []
    for text in fixture_texts(count):
        marks = "".join(c + (chr(pick.randint(0x300, 0x36F)) if c.isalpha() and pick.random() < 0.2 else "") for c in text)
        out.append(marks.upper() if pick.random() < 0.3 else marks)
    return out
