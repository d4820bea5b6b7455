// 县的摘帽事实 — Facts for the exit standard of the county c: report, its latest one; facts.
// See the part judged_predicates.
// Shares are in millionths.
// Townships count if they have households in the register or a report, or others were merged into them, and if they
// were not merged themselves by the day. A township without a report is unknown; a township that lacks something is
// named as evidence.
// The poor are counted on the day, and their share is of the population in the county's report. It is unknown if a poor
// household has no members in the register, or if the poverty status of a household is unclear. Values missing in the
// report (satisfaction, wrong exits, omissions) are unknown.
// Needs c, $asOf, $seq, $year.
CALL (c) {
  WITH c,
    head(COLLECT { MATCH (c)<-[:OF]-(y:AreaYear) WHERE known(y) AND y.year <= $year
      RETURN {year: y.year, population: y.population, wrongly_exited: y.wrongly_exited, missed: y.missed,
        satisfaction: y.satisfaction, poor: y.poor, exit_year: y.exit_year}
      ORDER BY y.year DESC LIMIT 1 }) AS report,
    COUNT { MATCH (c)<-[:PART_OF]-(:Area)<-[:PART_OF]-(:Village)<-[l:LIVES_IN]-(h:Household)<-[m:MEMBER_OF]-(:Person)
      WHERE holds(l) AND holds(m) AND EXISTS { MATCH (h)-[p:POOR_IN]->(:Village) WHERE holds(p) } } AS people,
    EXISTS { MATCH (c)<-[:PART_OF]-(:Area)<-[:PART_OF]-(:Village)<-[l:LIVES_IN]-(h:Household)
      WHERE holds(l) AND EXISTS { MATCH (h)-[p:POOR_IN]->(:Village) WHERE holds(p) } AND NOT EXISTS {
      MATCH (h)<-[n:MEMBER_OF]-(:Person) WHERE holds(n) } } AS uncounted,
    EXISTS { MATCH (c)<-[:PART_OF]-(:Area)<-[:PART_OF]-(:Village)<-[u:UNCLEAR_IN]-(:Household)
      WHERE holds(u) } AS doubtful,
    COLLECT { MATCH (c)<-[:PART_OF]-(v:Area)
      WHERE (EXISTS { MATCH (v)<-[:OF]-(y:AreaYear) WHERE known(y) AND y.year <= $year } OR EXISTS {
        MATCH (v)<-[:PART_OF]-(:Village)<-[l:LIVES_IN]-(:Household) WHERE holds(l) }
        OR part(merged_into)) AND NOT part(merged_away)
      WITH v, head(COLLECT { MATCH (v)<-[:OF]-(y:AreaYear) WHERE known(y) AND y.year <= $year
        RETURN {central_school: y.central_school, clinic: y.clinic, service_centre: y.service_centre}
        ORDER BY y.year DESC LIMIT 1 }) AS services
      RETURN {code: v.code, services: services} ORDER BY v.code } AS towns
  WITH c, report, CASE WHEN report.population > 0 AND NOT uncounted AND NOT doubtful THEN [people, report.population]
    ELSE [null, null] END AS poor, towns, c.code + ':' + toString(report.year) AS report_key
  WITH c, report, [
    {predicate: 'POOR_SHARE', value: poor[0] * 1000000, denominator: poor[1],
      evidence: [{label: 'AreaYear', key: report_key, text: toString(poor[0]) + '/' + toString(poor[1])}]},
    {predicate: 'WRONGLY_EXITED', value: report.wrongly_exited,
      evidence: [{label: 'AreaYear', key: report_key, text: null}]},
    {predicate: 'MISSED', value: report.missed, evidence: [{label: 'AreaYear', key: report_key, text: null}]},
    {predicate: 'SATISFACTION', value: report.satisfaction,
      evidence: [{label: 'AreaYear', key: report_key, text: null}]}] +
    [service IN [['CENTRAL_SCHOOL', 'central_school'], ['TOWNSHIP_CLINIC', 'clinic'],
      ['SERVICE_CENTRE', 'service_centre']] | {
      predicate: service[0],
      value: CASE WHEN any(town IN towns WHERE town.services[service[1]] = false) THEN false WHEN size(towns) = 0
        OR any(town IN towns WHERE town.services[service[1]] IS NULL) THEN null ELSE true END,
      evidence: [town IN towns WHERE NOT coalesce(town.services[service[1]], false) | {label: 'Area', key: town.code,
        text: CASE WHEN town.services[service[1]] IS NULL THEN null ELSE 'false' END}]}] AS facts
  RETURN report, facts
}
