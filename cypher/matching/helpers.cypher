// 可结对的干部 — Cadres in office in an area on a day, with their places and the number of households that they help.
// The number includes the households in all areas.
// A place of a cadre is a village in which the cadre helps a household or holds a post, or an area of secondment
// (挂职). For a cadre without any such place, the places are the location of the department and the villages that it
// helps (部门帮村).
// areas: ranges of codes; low, high: range that they span, for the index. places: codes of the places in the ranges.
// @params areas, low, high, asOf, seq
// @returns cadre_no, load, places
MATCH (a:Area)
WHERE within(a) AND a.recorded <= $seq
CALL (a) {
  MATCH (a)<-[l:LIVES_IN]-(:Household)<-[r:HELPS]-(c:Cadre)
  WHERE holds(l) AND holds(r)
  RETURN c
UNION ALL
  MATCH (a)<-[r:SERVES|POSTED_TO]-(c:Cadre)
  WHERE holds(r)
  RETURN c
UNION ALL
  MATCH (a)<-[r:LOCATED_IN|ASSISTS]-(:Department)<-[w:WORKS_FOR]-(c:Cadre)
  WHERE holds(r) AND holds(w)
    AND NOT EXISTS { MATCH (c)-[o:HELPS|SERVES|POSTED_TO]->() WHERE holds(o) }
  RETURN c
}
WITH DISTINCT c, a.code AS area_code
WHERE part(cadre_in_office)
WITH c, area_code ORDER BY area_code
WITH c, collect(area_code) AS places
WITH c.cadre_no AS cadre_no, places, size(COLLECT { MATCH (c)-[r:HELPS]->(h:Household) WHERE holds(r)
  RETURN DISTINCT h.card_no }) AS load
RETURN cadre_no, load, places
ORDER BY cadre_no
