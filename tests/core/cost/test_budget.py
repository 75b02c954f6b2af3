"""What was spent today, and the caps: at one only what costs nothing is asked, told once, until midnight."""

from __future__ import annotations

import pytest

from app.core.cost.budget import Spending
from app.core.cost.pricing import Price
from app.core.errors import BadRequestError, DeadlinePassed, EmptyReplyError, NoAnswer, Repair, TruncatedError
from app.core.events import Bus, CapReached, Trouble
from app.core.frame import Attempt, Usage
from app.core.provider import Reply
from tests.core.actors import HANG, Clock, House, ScriptedProvider, frame, outcomes, provider, reader, says, verdict

MILLION = Usage(1_000_000, 0)
"""At the tests' price: one dollar."""


@pytest.fixture
def house(house: House) -> House:
    for name in ("gemini", "qwen", "chatgpt"):
        house.prices[f"{name}-1"] = Price(f"{name}-1", 1.0, 1.0, "2026-11-25")
    return house


def paid(reply: Reply, usage: Usage = MILLION) -> Reply:
    return Reply(reply.text, reply.fields, reply.model, usage)


def costs(attempts: tuple[Attempt, ...]) -> list[tuple[str, str, float | None]]:
    return [(one.provider, one.outcome, one.cost_usd) for one in attempts]


# --- every attempt has its cost ---------------------------------------------------------------------------------------


async def test_every_call_carries_its_cost_the_judges_too(house: House) -> None:
    gemini = provider("gemini", paid(says("a", 0.5)), judge=(paid(verdict("A")),))
    qwen = provider("qwen", paid(says("b", 0.4), Usage(500_000, 250_000)))
    deepseek = provider("deepseek", paid(says("c", 0.3)))
    ollama = provider("ollama", says("d", 0.2), is_local=True)
    answer = await house.ask(gemini, qwen, deepseek, ollama)
    assert costs(answer.attempts) == [
        ("gemini", "unsure", 1.0), ("qwen", "unsure", 0.75), ("deepseek", "unsure", None), ("ollama", "unsure", 0.0),
        ("gemini", "judged", 1.0),
    ]  # fmt: skip
    assert house.spending.profile_today_usd("alice") == pytest.approx(2.75)
    assert house.spending.provider_today_usd("gemini") == pytest.approx(2.0)
    assert house.spending.provider_today_usd("deepseek") == 0.0


async def test_a_second_call_is_paid_too_and_a_refused_one_is_not(house: House) -> None:
    gemini = provider("gemini", BadRequestError("no", repair=Repair("detail")), paid(says("a", 0.9)))
    answer = await house.ask(gemini)
    assert costs(answer.attempts) == [("gemini", "bad_request", 0.0), ("gemini", "sure", 1.0)]


async def test_an_answer_that_could_not_be_used_is_paid_all_the_same(house: House) -> None:
    cut = TruncatedError("cut off")
    cut.usage = MILLION
    gemini = provider("gemini", cut)
    qwen = provider("qwen", paid(Reply("{}", {"answer": ""})))
    chatgpt = provider("chatgpt", EmptyReplyError("said nothing"))
    with pytest.raises(NoAnswer) as failed:
        await house.ask(gemini, qwen, chatgpt)
    assert costs(failed.value.attempts) == [
        ("gemini", "truncated", 1.0), ("qwen", "empty", 1.0), ("chatgpt", "empty", None),
    ]  # fmt: skip
    assert house.spending.profile_today_usd("alice") == 2.0


async def test_a_judge_that_votes_for_nobody_is_paid(house: House) -> None:
    gemini = provider("gemini", paid(says("a", 0.5)), judge=(paid(verdict("nobody")),))
    answer = await house.ask(gemini, provider("qwen", paid(says("b", 0.4))))
    assert costs(answer.attempts)[-1] == ("gemini", "bad_reply", 1.0)


async def test_the_model_that_replied_is_the_one_that_is_paid(house: House) -> None:
    house.prices["better"] = Price("better", 4.0, 4.0, "2026-11-25")
    gemini = provider("gemini", Reply("", says("a", 0.9).fields, "better", MILLION))
    answer = await house.ask(gemini)
    assert (answer.attempts[0].model, answer.attempts[0].cost_usd) == ("better", 4.0)


# --- caps -------------------------------------------------------------------------------------------------------------


def chain() -> tuple[ScriptedProvider, ...]:
    gemini = provider("gemini", paid(says("a", 0.5)), judge=(paid(verdict("A")),))
    return gemini, provider("qwen", paid(says("b", 0.4))), provider("ollama", says("c", 0.3), is_local=True)


async def test_at_a_profiles_cap_only_what_is_free_is_asked(house: House) -> None:
    house.spending.add("alice", "gemini", 5.0)
    mine = frame(daily_cap_usd=5.0)
    answer = await house.ask(*chain(), frame=mine)
    assert outcomes(answer) == [("gemini", "skipped"), ("qwen", "skipped"), ("ollama", "unsure")]
    assert answer.attempts[0].why == "the profile's daily cap is reached"
    assert (answer.text, answer.code) == ("c", "degraded")
    other = await house.ask(*chain(), frame=frame(username="bob", daily_cap_usd=5.0))
    assert ("gemini", "unsure") in outcomes(other), "another profile has a cap of its own"


async def test_a_providers_cap_skips_it_alone(house: House) -> None:
    house.spending.add("bob", "gemini", 2.0)
    gemini = provider("gemini", overrides={"daily_cap_usd": 2.0})
    answer = await house.ask(gemini, provider("qwen", paid(says("b", 0.9))))
    assert outcomes(answer) == [("gemini", "skipped"), ("qwen", "sure")]
    assert answer.attempts[0].why == "its daily cap is reached"


async def test_a_cap_reached_within_a_frame_counts_for_the_next_provider_and_the_judge(house: House) -> None:
    gemini, qwen, ollama = chain()
    answer = await house.ask(gemini, ollama, provider("free", says("d", 0.2), is_local=True), qwen,
                             frame=frame(daily_cap_usd=1.0))  # fmt: skip
    assert outcomes(answer)[:4] == [
        ("gemini", "unsure"), ("ollama", "unsure"), ("free", "unsure"), ("qwen", "skipped"),
    ]  # fmt: skip
    assert not any(call.as_judge for call in gemini.calls), "the judge is paid as well"


async def test_at_the_cap_a_free_one_judges(house: House) -> None:
    house.spending.add("alice", "gemini", 5.0)
    one = provider("one", says("a", 0.5), judge=(verdict("A"),), is_local=True)
    answer = await house.ask(*chain()[:1], one, provider("two", says("b", 0.4), is_local=True),
                             frame=frame(daily_cap_usd=5.0))  # fmt: skip
    assert outcomes(answer)[-1] == ("one", "judged")


async def test_with_nothing_free_left_it_is_no_answer_as_when_all_cool(house: House) -> None:
    house.spending.add("alice", "gemini", 5.0)
    with pytest.raises(NoAnswer) as failed:
        await house.ask(*chain()[:2], frame=frame(daily_cap_usd=5.0))
    assert outcomes(failed.value) == [("gemini", "skipped"), ("qwen", "skipped")]


async def test_at_the_cap_the_reader_still_reads(house: House) -> None:
    house.spending.add("alice", "gemini", 5.0)
    answer = await house.ask(*chain()[:2], reader(says("EXIT")), frame=frame(daily_cap_usd=5.0))
    assert (answer.text, answer.answered_by) == ("EXIT", "on_device")


async def test_a_model_of_unknown_price_is_not_free(house: House) -> None:
    house.spending.add("alice", "gemini", 5.0)
    with pytest.raises(NoAnswer):
        await house.ask(provider("deepseek"), frame=frame(daily_cap_usd=5.0))


async def test_what_the_reply_says_it_cost_counts_where_no_price_is_known(house: House) -> None:
    capped = frame(daily_cap_usd=1.0)
    troubles: list[Trouble] = []
    house.bus.subscribe(Trouble, troubles.append)
    deepseek = provider("deepseek", *[paid(says("a", 0.9), Usage(9, 9, 0.6))] * 2)
    for spent in (0.6, 1.2):
        assert costs((await house.ask(deepseek, frame=capped)).attempts) == [("deepseek", "sure", 0.6)]
        assert house.spending.profile_today_usd("alice") == pytest.approx(spent)
    with pytest.raises(NoAnswer):
        await house.ask(deepseek, frame=capped)
    assert troubles == []


@pytest.mark.parametrize("caps", [{"frame": 1.0}, {"provider": 1.0}, {}])
async def test_what_cannot_be_held_to_a_cap_is_told_once_a_day(caps: dict[str, float], house: House) -> None:
    troubles: list[Trouble] = []
    house.bus.subscribe(Trouble, troubles.append)
    deepseek = provider(
        "deepseek", *[paid(says("a", 0.9))] * 2, overrides={"daily_cap_usd": caps.get("provider", 0.0)}
    )  # fmt: skip
    for _ in range(2):
        await house.ask(deepseek, frame=frame(daily_cap_usd=caps.get("frame", 0.0)))
    assert len(troubles) == bool(caps)
    assert all("deepseek-1" in trouble.sentence and "daily limit" in trouble.sentence for trouble in troubles)


async def test_a_price_of_0_is_free(house: House) -> None:
    house.spending.add("alice", "gemini", 5.0)
    house.prices["deepseek-1"] = Price("deepseek-1", 0.0, 0.0, "2026-11-25", own=True)
    answer = await house.ask(provider("deepseek", says("a", 0.9)), frame=frame(daily_cap_usd=5.0))
    assert answer.attempts[0].cost_usd == 0.0


async def test_a_cap_of_0_is_none(house: House) -> None:
    house.spending.add("alice", "gemini", 9_999.0)
    assert (await house.ask(provider("gemini", says("a", 0.9)))).text == "a"


async def test_no_time_is_kept_for_those_at_their_cap(house: House) -> None:
    house.spending.add("alice", "gemini", 5.0)
    house.set(cascade_deadline_s=10.0)
    started = house.clock()
    with pytest.raises(DeadlinePassed):
        await house.ask(
            provider("ollama", HANG, is_local=True),
            provider("qwen"),
            provider("gemini"),
            frame=frame(daily_cap_usd=5.0),
        )
    assert house.clock() - started == pytest.approx(10.0)


async def test_a_cap_is_told_once_a_day_and_midnight_lets_go(house: House, clock: Clock) -> None:
    house.spending.add("alice", "gemini", 5.0)
    mine = frame(daily_cap_usd=5.0)
    for _ in range(3):
        await house.ask(*chain(), frame=mine)
    assert house.of(CapReached) == [CapReached("profile", "alice", 5.0)]
    clock.advance(86_400)
    answer = await house.ask(*chain(), frame=mine)
    assert outcomes(answer)[0] == ("gemini", "unsure")
    house.spending.add("alice", "gemini", 5.0)
    await house.ask(*chain(), frame=mine)
    assert len(house.of(CapReached)) == 2


def test_days_end_at_local_midnight(clock: Clock) -> None:
    spending = Spending(Bus(), wall=clock.wall)
    spending.add("alice", "gemini", 1.0)
    spending.add("bob", "gemini", 0.5)
    assert spending.provider_today_usd("gemini") == 1.5
    assert spending.profile_today_usd("alice") == 1.0
    clock.advance(86_400)
    assert spending.provider_today_usd("gemini") == 0.0
    assert spending.profile_today_usd("alice") == 0.0


def test_what_is_put_right_after_midnight_leaves_no_day_below_nothing(clock: Clock) -> None:
    spending = Spending(Bus(), wall=clock.wall)
    spending.add("alice", "gemini", 0.003)
    clock.advance(86_400)
    spending.add("alice", "gemini", -0.001)
    assert (spending.profile_today_usd("alice"), spending.provider_today_usd("gemini")) == (0.0, 0.0)
