"""How near two texts are by the embedding model: what assertions of the kind `similar` are graded by."""

from skills.flows.evaluation.nearness import nearness


def test_a_text_is_nearest_to_one_of_the_same_meaning(meaning):
    same, like, other = nearness(
        "The refund was sent to the customer.",
        ["The refund was sent to the customer.", "We paid the client back.", "Roses grow in the garden."],
    )

    assert same > 0.99
    assert like > 0.4 > other


def test_a_long_text_is_read_to_its_end(meaning):
    story = "The ship sailed over the calm sea. " * 60

    (short,) = nearness(story, ["A ship at sea."])
    (changed,) = nearness(story + "Roses grow in the garden. " * 200, ["A ship at sea."])

    assert short > changed


def test_a_text_without_words_is_like_nothing(meaning):
    assert nearness(" ", ["A ship at sea."]) == [0.0]
