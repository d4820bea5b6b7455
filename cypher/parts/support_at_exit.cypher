// 脱贫时与当日的帮扶 — Support of the household h at its exit and on the day; only if it is not poor on the day.
// exited_in: year of its exit. helpers: at its exit, the last first ({until, cadre_no}: last day of the help). helped:
// whether it has a helper in office. measure_ends: last days of its measures at its exit, the last first. has_measure:
// whether it has one in force.
// Needs h, $asOf, $seq, $hollow.
CALL (h) {
  WITH h, head(COLLECT { MATCH (h)-[p:POOR_IN]->(:Village) WHERE known(p) AND p.since <= $asOf
    RETURN {exited_in: p.exited_in, until: p.until} ORDER BY p.since DESC LIMIT 1 }) AS poverty
  WHERE poverty.until < $asOf AND poverty.exited_in IS NOT NULL
  WITH h, poverty.exited_in AS exited_in, poverty.until AS eve,
    COLLECT { MATCH (h)<-[r:HELPS]-(c:Cadre) WHERE known(r) AND r.since <= $asOf
      WITH r, c, head(COLLECT { MATCH (c)<-[:OF]-(s:CadreState) WHERE known(s) RETURN s.left_on }) AS left
      RETURN {since: r.since, until: r.until, cadre_no: c.cadre_no, lapsed_on: left}
      ORDER BY r.until DESC, c.cadre_no } AS terms,
    COLLECT { MATCH (h)-[r:RECEIVES]->(:Measure)<-[:OF]-(s:MeasureState)
      WHERE known(r) AND known(s) AND NOT coalesce(s.content IN $hollow, false)
      WITH coalesce(s.starts_on, 10101) AS starts_on, coalesce(s.ends_on, 99991231) AS ends_on
      RETURN {starts_on: starts_on, ends_on: ends_on} ORDER BY ends_on DESC, starts_on } +
    COLLECT { MATCH (h)<-[b:MEMBER_OF]-(q:Person) WHERE known(b) WITH DISTINCT q
      MATCH (q)-[r:RECEIVES]->(:Measure)<-[:OF]-(s:MeasureState)
      WHERE known(r) AND known(s) AND NOT coalesce(s.content IN $hollow, false)
      WITH coalesce(s.starts_on, 10101) AS starts_on, coalesce(s.ends_on, 99991231) AS ends_on
      RETURN {starts_on: starts_on, ends_on: ends_on} ORDER BY ends_on DESC, starts_on } AS spans
  WITH h, exited_in,
    [t IN terms WHERE t.since <= eve AND t.until >= eve AND (t.lapsed_on IS NULL OR t.lapsed_on > eve) | {
      until: CASE WHEN t.lapsed_on <= t.until THEN t.lapsed_on ELSE t.until END, cadre_no: t.cadre_no}] AS helpers,
    part(duty_met) AS helped,
    [s IN spans WHERE s.starts_on <= eve AND s.ends_on >= eve | s.ends_on] AS measure_ends,
    any(s IN spans WHERE s.starts_on <= $asOf AND s.ends_on >= $asOf) AS has_measure
  RETURN exited_in, helpers, helped, measure_ends, has_measure
}
