// 帮扶结对建议 — A page of a proposed matching of helpers to households without one, with the requested values of its nodes.
// rows: [village, household, cadre, distance in the area tree, number of households of the cadre after the matching].
// @params rows
// @returns village, household, cadre_no, distance, load
UNWIND $rows AS row
WITH row[0] AS village, row[1] AS household, row[2] AS cadre_no, row[3] AS distance, row[4] AS load
RETURN village, household, cadre_no, distance, load
ORDER BY village, household
