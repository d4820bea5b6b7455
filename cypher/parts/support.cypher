// 脱贫时与当日的帮扶 — Support of the household h at its exit and on the day; only if it is not poor on the day.
// exited_in. helpers: at its exit, the last first ([last day or gone on, cadre]). helped: whether it has a helper in
// office. given: last days of its measures at its exit, the last first. having: whether it has a measure in force.
// Needs h, $asOf, $seq, $hollow.
WITH h, head(COLLECT { MATCH (h)-[p:POOR_IN]->(:Village) WHERE known(p) AND p.since <= $asOf
  RETURN [p.exited_in, p.until] ORDER BY p.since DESC LIMIT 1 }) AS exit
WHERE exit[1] < $asOf AND exit[0] IS NOT NULL
WITH h, exit[0] AS exited_in, exit[1] AS eve,
  COLLECT { MATCH (h)<-[r:HELPS]-(c:Cadre) WHERE known(r) AND r.since <= $asOf
    RETURN [r.since, r.until, c.cadre_no, head(COLLECT { MATCH (c)<-[:OF]-(s:CadreState) WHERE known(s)
      RETURN s.left_on })] ORDER BY r.until DESC, c.cadre_no } AS terms,
  COLLECT { MATCH (h)-[r:RECEIVES]->(:Measure)<-[:OF]-(s:MeasureState)
    WHERE known(r) AND known(s) AND NOT coalesce(s.content IN $hollow, false)
    RETURN [coalesce(s.starts_on, 10101), coalesce(s.ends_on, 99991231)] AS one ORDER BY one[1] DESC, one[0] } +
  COLLECT { MATCH (h)<-[b:MEMBER_OF]-(q:Person) WHERE known(b) WITH DISTINCT q
    MATCH (q)-[r:RECEIVES]->(:Measure)<-[:OF]-(s:MeasureState)
    WHERE known(r) AND known(s) AND NOT coalesce(s.content IN $hollow, false)
    RETURN [coalesce(s.starts_on, 10101), coalesce(s.ends_on, 99991231)] AS one ORDER BY one[1] DESC, one[0] } AS spans
WITH h, exited_in,
  [t IN terms WHERE t[0] <= eve AND t[1] >= eve
    AND (t[3] IS NULL OR t[3] > eve) | [CASE WHEN t[3] <= t[1] THEN t[3] ELSE t[1] END, t[2]]] AS helpers,
  any(t IN terms WHERE t[1] >= $asOf AND (t[3] IS NULL OR t[3] > $asOf)) AS helped,
  [s IN spans WHERE s[0] <= eve AND s[1] >= eve | s[1]] AS given,
  any(s IN spans WHERE s[0] <= $asOf AND s[1] >= $asOf) AS having
