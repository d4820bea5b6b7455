// 同名部门 — The departments of some names: level, the area where each is, the counties of the villages that it helps.
// names: [name, its spelling in full] of each that is looked for; also found is what is only spelt so.
// @params names, seq
// @returns name, department_no, level, place, places
UNWIND $names AS wanted
MATCH (s:DepartmentState {name_pinyin: wanted[1]})-[:OF]->(d:Department)
WHERE known(s)
WITH DISTINCT s, d
RETURN s.name AS name, d.department_no AS department_no, s.level AS level,
  head(COLLECT { MATCH (d)-[l:LOCATED_IN]->(a:Area) WHERE known(l) RETURN a.code ORDER BY a.code }) AS place,
  COLLECT { MATCH (d)-[h:ASSISTS]->(v:Village) WHERE known(h)
    RETURN DISTINCT substring(v.code, 0, 6) AS county ORDER BY county } AS places
ORDER BY department_no
