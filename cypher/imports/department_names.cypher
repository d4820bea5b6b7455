// 同名部门 — Departments with given names, with their level, area, and the counties of the villages that they help.
// names: [name, its full pinyin] of each department to find. A department whose name has the same pinyin is found too.
// @params names, seq
// @returns name, department_no, level, area, places
UNWIND $names AS spelling
MATCH (s:DepartmentState {name_pinyin: spelling[1]})-[:OF]->(d:Department)
WHERE known(s)
WITH DISTINCT s, d
RETURN s.name AS name, d.department_no AS department_no, s.level AS level,
  head(COLLECT { MATCH (d)-[l:LOCATED_IN]->(a:Area) WHERE known(l) RETURN a.code ORDER BY a.code }) AS area,
  COLLECT { MATCH (d)-[h:ASSISTS]->(v:Village) WHERE known(h)
    RETURN DISTINCT substring(v.code, 0, 6) AS county ORDER BY county } AS places
ORDER BY department_no
