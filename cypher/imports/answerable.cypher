// 责任人与督查 — A cadre, a department and a supervision round, if they exist; read before a change that names them.
// held_on: first day of the supervision round. gone_on: day on which the cadre left office or the department was
// dissolved. places: codes of the areas that the round covers.
// @params cadre, department, inspection, seq
// @returns holder, gone_on, inspection_no, held_on, places
OPTIONAL MATCH (c:Cadre {cadre_no: $cadre})
OPTIONAL MATCH (d:Department {department_no: $department})
OPTIONAL MATCH (i:Inspection {inspection_no: $inspection})
RETURN coalesce(c.cadre_no, d.department_no) AS holder,
  coalesce(
    head(COLLECT { MATCH (c)<-[:OF]-(s:CadreState) WHERE known(s) RETURN s.left_on }),
    head(COLLECT { MATCH (d)<-[:OF]-(s:DepartmentState) WHERE known(s) RETURN s.dissolved_on })) AS gone_on,
  i.inspection_no AS inspection_no,
  head(COLLECT { MATCH (i)<-[:OF]-(s:InspectionState) WHERE known(s) RETURN s.held_on }) AS held_on,
  COLLECT { MATCH (i)-[v:COVERS]->(a:Area) WHERE known(v) RETURN a.code ORDER BY a.code } AS places
