// 帮扶结对建议 — A page of a proposed matching of helpers to households without one, with the values of its nodes.
// rows: {village, household, cadre_no, distance, load}: distance in the area tree; number of households of the cadre
// after the matching.
// @params rows
// @returns village, household, cadre_no, distance, load
UNWIND $rows AS row
WITH row.village AS village, row.household AS household, row.cadre_no AS cadre_no, row.distance AS distance,
  row.load AS load
RETURN village, household, cadre_no, distance, load
ORDER BY village, household
