// 同名干部 — Cadres with given names, with their department and the areas in which they help households or hold a post.
// names: [name, its full pinyin] of each cadre to find. A cadre whose name has the same pinyin is found too.
// department: {number, name, level, area}: area is a code. places: codes of areas, being counties for helped households
// and served villages.
// @params names, seq
// @returns name, cadre_no, department, places
UNWIND $names AS spelling
MATCH (s:CadreState {name_pinyin: spelling[1]})-[:OF]->(c:Cadre)
WHERE known(s)
WITH DISTINCT s, c
RETURN s.name AS name, c.cadre_no AS cadre_no,
  head(COLLECT { MATCH (c)-[w:WORKS_FOR]->(d:Department)<-[:OF]-(o:DepartmentState) WHERE known(w) AND known(o)
    WITH d, o, head(COLLECT { MATCH (d)-[l:LOCATED_IN]->(a:Area) WHERE known(l) RETURN a.code ORDER BY a.code }) AS area
    RETURN {number: d.department_no, name: o.name, level: o.level, area: area} ORDER BY d.department_no
  }) AS department,
  COLLECT { MATCH (c)-[h:HELPS]->(:Household)-[l:LIVES_IN]->(v:Village) WHERE known(h) AND known(l)
    RETURN DISTINCT substring(v.code, 0, 6) AS county ORDER BY county }
  + COLLECT { MATCH (c)-[p:SERVES|LEADS|POSTED_TO]->(a:Area) WHERE known(p)
    RETURN DISTINCT a.code AS code ORDER BY code } AS places
ORDER BY cadre_no
