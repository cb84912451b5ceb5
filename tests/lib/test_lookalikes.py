"""Words that look like others: styled and mixed ones are found, honest words of any script are not."""

import pytest

from skills.lib.lookalikes import Disguise, lookalikes, skeleton


def found(text):
    return [(one.kind, one.word, one.plain) for one in lookalikes(text)]


@pytest.mark.parametrize(
    ("word", "plain"),
    [
        ("ｃｕｒｌ", "curl"),
        ("𝐢𝐠𝐧𝐨𝐫𝐞", "ignore"),
        ("𝓬𝓾𝓻𝓵", "curl"),
        ("𝚛𝚖", "rm"),
        ("ⓘⓖⓝⓞⓡⓔ", "ignore"),
        ("🄲🅄🅁🄻", "CURL"),
        ("ℛℳ", "RM"),
    ],
)
def test_a_word_in_styled_letters_is_found_and_read(word, plain):
    assert found(f"run {word} now") == [(Disguise.STYLED, word, plain)]


@pytest.mark.parametrize(("text", "word"), [("c𝗎rl", "𝗎"), ("ｃurl", "ｃ"), ("to\u212aen", "\u212a")])
def test_one_styled_letter_inside_a_plain_word_is_found(text, word):
    assert [one.word for one in lookalikes(text)] == [word]


@pytest.mark.parametrize(
    ("word", "plain"),
    [("p\u0430ypal", "paypal"), ("admi\u03bf", "admio"), ("\u13aapple", "Apple"), ("n\u0585de", "node")],
)
def test_a_word_of_two_scripts_is_found_and_read(word, plain):
    assert found(f"see {word}.") == [(Disguise.MIXED, word, plain)]


@pytest.mark.parametrize(
    "text",
    [
        "plain",
        "naïve Größe ısı œuvre",
        "привет мир, сор",
        "αβγ and Δt",
        "日本語ＡＰＩの本",
        "ＵＲＬを開く：１２３",
        "안녕ＡＢ",
        "x ∈ ℝ, ℕ and ℤ",
        "№ 5 ™ ℃ ① Ⓜ️ ℹ️ 🅰️ 🆗 🇩🇪",
        "مرحبا שלום नमस्ते",
        "1º 5ᵗʰ xⁿ",
        "ใช้API",
    ],
)
def test_honest_words_are_let_be(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("finance", "fin\u0430nce"),
        ("Finance", "FINANCE"),
        ("finance", "ｆｉｎａｎｃｅ"),
        ("finance", "𝐟𝐢𝐧𝐚𝐧𝐜𝐞"),
    ],
)
def test_names_that_look_alike_have_one_skeleton(one, other):
    assert skeleton(one) == skeleton(other)


def test_names_that_look_different_have_two():
    assert skeleton("finance") != skeleton("финансы")
