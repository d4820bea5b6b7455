// 所问区划之内 — Whether the village v lies in the areas asked for. Needs v, $low, $high (what the ranges span, for the index), $areas.
within(v)
