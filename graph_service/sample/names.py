"""Random names of people."""

from __future__ import annotations

from random import Random

SURNAMES = tuple("李王张刘陈杨黄吴周徐罗何唐曾马胡阿吉沙曲俄木海来日勒格桑泽仁扎西")
FIRST_CHARACTERS = tuple("国建志明文德永光正天春秀桂玉金小晓永发世家伍木友尔克色石拉")
MALE_CHARACTERS = tuple("强军平华林勇刚成富贵山虎忠全财宏伟呷且铁黑")
FEMALE_CHARACTERS = tuple("芳英兰琼珍梅丽霞秀群容莲花凤琴香牛扎阿洛")


def given_name(rng: Random, is_male: bool) -> str:
    last_character = rng.choice(MALE_CHARACTERS if is_male else FEMALE_CHARACTERS)
    return last_character if rng.random() < 0.3 else rng.choice(FIRST_CHARACTERS) + last_character


def full_name(rng: Random, is_male: bool, surname: str = "") -> str:
    """Return a person's name with the given surname, or else a random one."""
    return (surname or rng.choice(SURNAMES)) + given_name(rng, is_male)
