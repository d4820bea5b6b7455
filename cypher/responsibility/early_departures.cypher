// 未脱贫先离任 — Cadres whose post in a poor village or an area with poor villages ended before the exit.
// The rule is that nobody is transferred before the exit (不脱贫不调整).
// role: the post in a village, LEADS (leading group) or POSTED_TO (secondment). exit_year: of the village, or of the
// last poor village of the area; null while it is poor. after: [area, cadre, role].
// @params areas, low, high, asOf, seq, year, after, limit
// @returns area, cadre_no, role, left_on, exit_year
MATCH (a:Area)
WHERE within(a) AND a.code >= $after[0] AND a.recorded <= $seq
  AND EXISTS { MATCH (a)<-[r:SERVES|LEADS|POSTED_TO]-(:Cadre) WHERE known(r) }
WITH a ORDER BY a.code
part(departures)
WITH a.code AS area, cadre_no, role, max(left_on) AS left_on, CASE WHEN exit_year < 9999 THEN exit_year END AS exit_year
WHERE area > $after[0] OR cadre_no > $after[1] OR (cadre_no = $after[1] AND role > $after[2])
WITH area, cadre_no, role, left_on, exit_year ORDER BY area, cadre_no, role LIMIT $limit
RETURN area, cadre_no, role, left_on, exit_year
ORDER BY area, cadre_no, role
