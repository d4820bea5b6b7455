// 下级区划 — Codes of the areas directly below an area.
// @params code
// @returns code
MATCH (a:Area {code: $code})<-[p:PART_OF]-(c:Area)
WHERE p.superseded > p.recorded
RETURN c.code AS code
ORDER BY code
