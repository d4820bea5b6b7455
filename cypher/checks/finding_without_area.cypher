// 无所在区划的疑点 — The finding of a number, if it is listed for the areas and about a fund, or an asset in no area.
// finding: number of the finding. everywhere: true if the areas contain a whole province.
// See the part findings_without_area.
// @params everywhere, areas, low, high, asOf, seq, finding
// @returns finding_no
part(findings_without_area)
WITH f
WHERE f.finding_no = $finding
RETURN f.finding_no AS finding_no
LIMIT 1
