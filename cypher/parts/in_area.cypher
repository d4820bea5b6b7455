// 查询区划范围内 — Whether the village v is in the requested areas.
// Needs v, $areas, $low, $high (range that the areas span, for the index).
within(v)
