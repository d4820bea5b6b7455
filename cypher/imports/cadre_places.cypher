// 干部所在 — Areas to which cadres are tied, on any day; read before a change that names them.
// places: villages in which the cadre helps a household or holds a post, and areas that the cadre leads or is posted
// to. offices: locations of the cadre's departments. A number without a cadre has no row.
// @params cadres, seq
// @returns cadre_no, places, offices
UNWIND $cadres AS number
MATCH (c:Cadre {cadre_no: number})
RETURN c.cadre_no AS cadre_no,
  COLLECT { MATCH (c)-[r:HELPS]->(:Household)-[l:LIVES_IN]->(a:Village) WHERE known(r) AND known(l)
    RETURN DISTINCT a.code ORDER BY a.code } +
  COLLECT { MATCH (c)-[r:SERVES|LEADS|POSTED_TO]->(a:Area) WHERE known(r)
    RETURN DISTINCT a.code ORDER BY a.code } AS places,
  COLLECT { MATCH (c)-[w:WORKS_FOR]->(:Department)-[r:LOCATED_IN]->(a:Area) WHERE known(w) AND known(r)
    RETURN DISTINCT a.code ORDER BY a.code } AS offices
