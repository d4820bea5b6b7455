// 可结对的干部 — Cadres who are present on a day and have a place in an area: how many households they help already, anywhere, and these places.
// A place of a cadre is a village in which he helps a household or holds a post, or an area to which he is posted (挂职); of one who
// has no such place anywhere, where his department lies, and the villages that it helps (部门帮村).
// areas: ranges of codes; low, high: what they span, for the index. places: codes, of those that lie in the ranges.
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
WITH DISTINCT c, a.code AS place
WHERE part(cadre_present)
WITH c, place ORDER BY place
WITH c, collect(place) AS places
WITH c.cadre_no AS cadre_no, places, size(COLLECT { MATCH (c)-[r:HELPS]->(h:Household) WHERE holds(r) RETURN DISTINCT h.card_no }) AS load
RETURN cadre_no, load, places
ORDER BY cadre_no
