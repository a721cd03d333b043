"""Tabular reinforcement learning on small Markov decision processes, exactly where it can be.

The Bellman equations of a fixed policy are linear: v = r + γ·P·v (Sutton and Barto 2018, section 4.1). Q-learning and
SARSA need no model; they learn from the transitions that they see (sections 6.4 and 6.5).
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from flint import fmpq, fmpq_mat

State: TypeAlias = str
Action: TypeAlias = str


@dataclass(frozen=True, slots=True)
class Decisions:
    """A Markov decision process with certain transitions.

    Attributes:
        moves: (state, action) to (next state, reward); a state without moves ends an episode.
        discount: γ.
    """

    moves: Mapping[tuple[State, Action], tuple[State, Fraction]]
    discount: Fraction

    @property
    def states(self) -> list[State]:
        """States in which something can be done."""
        return list(dict.fromkeys(s for s, _ in self.moves))

    def actions(self, state: State) -> list[Action]:
        """What can be done in a state."""
        return [a for s, a in self.moves if s == state]


def values_of(process: Decisions, policy: Mapping[State, Mapping[Action, Fraction]]) -> dict[State, Fraction]:
    """State values of a policy: the exact solution of its Bellman equations (I − γP)·v = r.

    >>> loop = Decisions({("a", "stay"): ("a", Fraction(1))}, Fraction(1, 2))
    >>> values_of(loop, {"a": {"stay": Fraction(1)}})
    {'a': Fraction(2, 1)}
    """
    states = process.states
    n = len(states)
    system, rewards = fmpq_mat(n, n), fmpq_mat(n, 1)
    for i, state in enumerate(states):
        system[i, i] = fmpq(1)
        for action, chance in policy[state].items():
            following, reward = process.moves[state, action]
            rewards[i, 0] += _q(chance * reward)
            if following in states:
                j = states.index(following)
                system[i, j] -= _q(process.discount * chance)
    solved = system.solve(rewards)
    return {s: Fraction(int(solved[i, 0].p), int(solved[i, 0].q)) for i, s in enumerate(states)}


def _q(value: Fraction) -> fmpq:
    return fmpq(value.numerator, value.denominator)


def optimal_values(process: Decisions, sweeps: int = 200) -> dict[State, Fraction]:
    """State values of the best policy: policy iteration, which ends with exact values."""
    policy = {s: {process.actions(s)[0]: Fraction(1)} for s in process.states}
    for _ in range(sweeps):
        values = values_of(process, policy)
        better = {}
        for state in process.states:
            worth = {a: _worth(process, values, state, a) for a in process.actions(state)}
            old = next(iter(policy[state]))
            best = max(worth, key=lambda a: worth[a])
            better[state] = {old if worth[old] == worth[best] else best: Fraction(1)}
        if better == policy:
            return values
        policy = better
    return values


def _worth(process: Decisions, values: Mapping[State, Fraction], state: State, action: Action) -> Fraction:
    following, reward = process.moves[state, action]
    return reward + process.discount * values.get(following, Fraction(0))


@dataclass(frozen=True, slots=True)
class Learned:
    """Action values learned from experience, and how often each action was tried."""

    values: Mapping[tuple[State, Action], float]
    tries: Mapping[tuple[State, Action], int]

    def greedy(self, state: State) -> Action:
        """The action of highest value."""
        return max((a for s, a in self.values if s == state), key=lambda a: self.values[state, a])


def learn(
    process: Decisions,
    start: State,
    *,
    rule: str = "q-learning",
    epsilon: float = 0.1,
    rate: float = 0.2,
    episodes: int = 500,
    longest: int = 50,
    seed: int = 0,
) -> Learned:
    """Q-learning or SARSA: the learner is shown only the transitions it makes, never the table of them.

    Args:
        rule: "q-learning" (off-policy: looks ahead to the best next action) or "sarsa" (on-policy: to the one taken).
        epsilon: chance of a random action; 0 is greedy.
    """
    rng = random.Random(seed)
    values = {key: 0.0 for key in process.moves}
    tries = dict.fromkeys(process.moves, 0)

    def choose(state: State) -> Action:
        actions = process.actions(state)
        if rng.random() < epsilon:
            return rng.choice(actions)
        return max(actions, key=lambda a: values[state, a])

    for _ in range(episodes):
        state, action = start, choose(start)
        for _ in range(longest):
            tries[state, action] += 1
            following, reward = process.moves[state, action]
            next_action = choose(following) if process.actions(following) else None
            if next_action is None:
                ahead = 0.0
            elif rule == "q-learning":
                ahead = max(values[following, a] for a in process.actions(following))
            else:
                ahead = values[following, next_action]
            target = float(reward) + float(process.discount) * ahead
            values[state, action] += rate * (target - values[state, action])
            if next_action is None:
                break
            state, action = following, next_action
    return Learned(values, tries)
