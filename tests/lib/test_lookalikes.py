"""Words that look like others: styled and mixed ones are found, honest words of any script are not."""

from pathlib import Path

import django
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
    ("word", "plain"),
    [
        ("\u0441\u043e\u0440\u0443", "copy"),
        ("\u0455\u0441\u043e\u0440\u0435", "scope"),
        ("\u0421\u0410\u0420", "CAP"),
        ("\u03a1\u0391\u03a4\u0397", "PATH"),
        ("\u0578\u0585\u0578", "non"),
    ],
)
def test_a_word_of_another_script_alone_is_found_and_read(word, plain):
    assert found(f"Then {word} the file.") == [(Disguise.FOREIGN, word, plain)]
    assert found(word) == [(Disguise.FOREIGN, word, plain)]


def test_words_of_its_script_excuse_such_a_word_only_near_by():
    words = [word for _, word, _ in found(f"сор привет сор {'far ' * 60} сор")]

    assert words == ["сор"]
    assert found(f"привет {'сор ' * 40}") == []


def test_words_of_a_third_script_excuse_nothing():
    assert [plain for _, _, plain in found("αβγ сор")] == ["cop"]


@pytest.mark.parametrize("language", ["be", "bg", "el", "hy", "ka", "kk", "ky", "mk", "ru", "sr", "uk"])
def test_text_of_a_living_language_is_let_be_beside_its_english(language):
    catalogue = Path(django.__file__).parent / f"conf/locale/{language}/LC_MESSAGES/django.po"

    kinds = [one.kind for one in lookalikes(catalogue.read_text(encoding="utf-8"))]

    assert Disguise.FOREIGN not in kinds  # some translators typed a Latin letter


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


def test_a_name_in_another_script_alone_has_the_same_skeleton():
    assert skeleton("\u0441\u043e\u0440\u0443") == skeleton("copy")


def test_names_that_look_different_have_two():
    assert skeleton("finance") != skeleton("финансы")
