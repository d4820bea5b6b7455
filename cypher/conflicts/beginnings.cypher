// 利益关系起点 — Ties from which a conflict of interest can start: kinship, stakes, payroll, sole implementers.
// There is a row for each tie from a to b.
// SAME_AS, KIN_OF: of representatives of operators, whose derived numbers begin with K. facts: [kinship, since, whether
// the cadre helps a household of the area].
// REPRESENTS: facts: [null, since, whether the operator, or an asset or project that it operates, owns or implements,
// is in the area].
// IDENTITY: another person has the same document. facts: the households of the area of which that other person is a
// member: they live there, or received dividends of an asset there.
// INVESTS_IN: facts: [share in millionths, since, code of the area of a, code of the area of b].
// PAYROLL: an entry of the payroll list (财政供养人员) matches a member of such a household. facts: [household]. An
// entry counts from its date on; an entry without a date always counts.
// PROJECTS: implementer of the first project of a county that has one. facts: [projects of the county, projects without
// an implementer, numbers of the projects that this implementer alone carries out].
// everywhere: true if everything counts as in the area. counties: codes of the counties; first, beyond: range that they
// span, for the index, as low and high are for the areas.
// @compares identity
// @params areas, low, high, everywhere, asOf, seq, year, counties, first, beyond
// @returns tie, a, a_key, b, b_key, facts
CALL () {
  MATCH (p:Person)
  WHERE p.person_no >= 'K' AND p.person_no < 'L'
  MATCH (p)-[r:SAME_AS|KIN_OF]->(c:Cadre)
  WHERE holds(r)
  RETURN type(r) AS tie, 'Person' AS a, p.person_no AS a_key, 'Cadre' AS b, c.cadre_no AS b_key, [r.relation, r.since,
    $everywhere OR EXISTS { MATCH (c)-[b:HELPS]->(:Household)-[l:LIVES_IN]->(v:Village)
      WHERE holds(b) AND holds(l) AND within(v) }] AS facts
UNION ALL
  MATCH (p:Person)
  WHERE p.person_no >= 'K' AND p.person_no < 'L'
  MATCH (p)-[r:REPRESENTS]->(o)
  WHERE holds(r)
  RETURN 'REPRESENTS' AS tie, 'Person' AS a, p.person_no AS a_key, head(labels(o)) AS b, o.uscc AS b_key,
    [null, r.since,
    $everywhere OR EXISTS { MATCH (o)-[l:LOCATED_IN]->(v:Area) WHERE known(l) AND within(v) }
      OR EXISTS { MATCH (o)-[b:OPERATES|OWNS|IMPLEMENTS]->(x)-[l:LOCATED_IN]->(v:Area)
        WHERE holds(b) AND known(l) AND within(v) }] AS facts
UNION ALL
  MATCH (p:Person)
  WHERE p.person_no >= 'K' AND p.person_no < 'L'
  WITH p, head(COLLECT { MATCH (p)<-[:OF]-(k:PersonYear) WHERE known(k) AND k.identity IS NOT NULL RETURN k.identity
    ORDER BY k.year DESC LIMIT 1 }) AS identity
  WHERE identity IS NOT NULL
  MATCH (m:PersonYear {identity: identity})-[:OF]->(q:Person)
  WHERE known(m) AND q.person_no <> p.person_no
  WITH DISTINCT p, q, identity
  WHERE (q.person_no >= 'K' AND q.person_no < 'L')
    OR identity = head(COLLECT { MATCH (q)<-[:OF]-(k:PersonYear) WHERE known(k) AND k.year <= $year RETURN k.identity
      ORDER BY k.year DESC LIMIT 1 })
  RETURN 'IDENTITY' AS tie, 'Person' AS a, p.person_no AS a_key, 'Person' AS b, q.person_no AS b_key,
    COLLECT { MATCH (q)-[b:MEMBER_OF]->(h:Household) WHERE holds(b) AND part(household_in_area) RETURN h.card_no
      ORDER BY h.card_no } AS facts
UNION ALL
  MATCH (o:Enterprise|Cooperative)-[r:INVESTS_IN]->(x)
  WHERE holds(r)
  RETURN 'INVESTS_IN' AS tie, head(labels(o)) AS a, o.uscc AS a_key, head(labels(x)) AS b, x.uscc AS b_key,
    [r.share, r.since,
      head(COLLECT { MATCH (o)-[l:LOCATED_IN]->(v:Area) WHERE known(l) RETURN v.code LIMIT 1 }),
        head(COLLECT { MATCH (x)-[l:LOCATED_IN]->(v:Area) WHERE known(l) RETURN v.code LIMIT 1 })] AS facts
UNION ALL
  MATCH (s:OutsideRecordState {list: 'PAYROLL'})-[:OF]->(e:OutsideRecord)
  WHERE known(s) AND coalesce(s.began_on, $asOf) <= $asOf AND s.identity IS NOT NULL
  WITH e, s.identity AS identity
  MATCH (m:PersonYear {identity: identity})-[:OF]->(q:Person)
  WHERE known(m)
  WITH DISTINCT e, q, identity
  WHERE identity = head(COLLECT { MATCH (q)<-[:OF]-(k:PersonYear) WHERE known(k) AND k.year <= $year RETURN k.identity
    ORDER BY k.year DESC LIMIT 1 })
  MATCH (q)-[b:MEMBER_OF]->(h:Household)
  WHERE holds(b) AND part(household_in_area)
  RETURN 'PAYROLL' AS tie, 'OutsideRecord' AS a, e.record_no AS a_key, 'Person' AS b, q.person_no AS b_key,
    [h.card_no] AS facts
UNION ALL
  MATCH (v:Area)
  WHERE v.code >= $first AND v.code < $beyond AND substring(v.code, 0, 6) IN $counties
  MATCH (v)<-[l:LOCATED_IN]-(p:Project)
  WHERE known(l)
  WITH substring(v.code, 0, 6) AS county, p.project_no AS project,
    COLLECT { MATCH (p)<-[r:IMPLEMENTS]-(o) WHERE holds(r)
      RETURN DISTINCT [head(labels(o)), coalesce(o.uscc, o.department_no)]
      ORDER BY [head(labels(o)), coalesce(o.uscc, o.department_no)] } AS by
  ORDER BY county, project
  WITH county, collect([project, by]) AS projects
  WITH county, projects, size([p IN projects WHERE size(p[1]) = 0]) AS without_implementer,
    head([p IN projects WHERE size(p[1]) > 0 | head(p[1])]) AS first
  WITH county, projects, without_implementer, first,
    [p IN projects WHERE size(p[1]) = 1 AND head(p[1]) = first] AS sole_projects
  RETURN 'PROJECTS' AS tie, 'Area' AS a, county AS a_key, first[0] AS b, first[1] AS b_key,
    [size(projects), without_implementer, [p IN sole_projects | p[0]]] AS facts
}
RETURN tie, a, a_key, b, b_key, facts
ORDER BY tie, a_key, b_key
