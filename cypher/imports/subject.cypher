// 对象所在区划 — Current values of a finding, and the location of a subject of findings and waivers.
// The subject is an area, household, person, fund, project, asset or dividend.
// finding: number of the finding, or null. subject: key of the subject; that of the finding if there is one.
// state, check, value, day, seen_on: of the finding. about: label by which the subject is found. area: code of its
// village or area, for a fund that of its manager; empty if it has none.
// @params finding, subject, about, seq
// @returns state, check, value, day, seen_on, about, subject, area
OPTIONAL MATCH (f:Finding {finding_no: $finding})-[a:ABOUT]->(x)
WHERE known(a)
WITH f, CASE WHEN x IS NULL THEN $about WHEN x.code IS NOT NULL THEN 'Area' ELSE head(labels(x)) END AS about,
  coalesce(x.card_no, x.person_no, x.code, x.fund_no, x.project_no, x.asset_no, x.distribution_no, $subject) AS subject
WITH about, subject,
  head(COLLECT { MATCH (f)<-[:OF]-(s:FindingState) WHERE known(s)
    RETURN {state: s.state, check: s.check, value: s.value, day: s.day, seen_on: s.seen_on} }) AS state,
  CASE about
    WHEN 'Area' THEN head(COLLECT { MATCH (v:Area {code: subject}) RETURN v.code })
    WHEN 'Household' THEN head(COLLECT { MATCH (:Household {card_no: subject})-[l:LIVES_IN]->(v:Village) WHERE known(l)
      RETURN v.code ORDER BY l.since DESC LIMIT 1 })
    WHEN 'Person' THEN head(COLLECT {
      MATCH (:Person {person_no: subject})-[m:MEMBER_OF]->(:Household)-[l:LIVES_IN]->(v:Village)
      WHERE known(m) AND known(l) RETURN v.code ORDER BY m.since DESC, l.since DESC LIMIT 1 })
    WHEN 'Fund' THEN coalesce(
      head(COLLECT { MATCH (:Fund {fund_no: subject})-[m:MANAGED_BY]->(v:Area) WHERE known(m) RETURN v.code }),
      head(COLLECT { MATCH (:Fund {fund_no: subject})-[m:MANAGED_BY]->(:Department)-[l:LOCATED_IN]->(v:Area)
        WHERE known(m) AND known(l) RETURN v.code }), '')
    WHEN 'Project' THEN coalesce(head(COLLECT {
      MATCH (:Project {project_no: subject})-[l:LOCATED_IN]->(v:Area) WHERE known(l) RETURN v.code }), '')
    WHEN 'Asset' THEN coalesce(head(COLLECT {
      MATCH (:Asset {asset_no: subject})-[l:LOCATED_IN]->(v:Area) WHERE known(l) RETURN v.code }), '')
    ELSE coalesce(head(COLLECT {
      MATCH (:Distribution {distribution_no: subject})<-[y:YIELDED]-(:Asset)-[l:LOCATED_IN]->(v:Area)
      WHERE known(y) AND known(l) RETURN v.code }), '')
  END AS area
RETURN state.state AS state, state.check AS check, state.value AS value, state.day AS day,
  state.seen_on AS seen_on, about, subject, area
