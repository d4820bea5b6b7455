// 未联结经营主体的户 — Supported households that are linked to no operator on a day.
// Supported households are poor households and those in the stated years after exit. A link is membership, leased land,
// borrowed livestock, entrusted livestock, shares of an asset that the operator operates, or a job of a member.
// Livestock that was returned is no link after the day of return. Shares are a link while the asset is operated, jobs
// while the employed person is a member.
// links: kinds of links that count; null for all. ended: last day of the last link; null if there was none.
// areas: ranges of codes; low, high: range that they span, for the index. yearsAfterExit: number of years of support
// after exit. after: [village, household].
// @params areas, low, high, asOf, seq, year, links, yearsAfterExit, after, limit
// @returns village, household, ended
MATCH (v:Village)
WHERE part(in_area) AND v.code >= $after[0] AND v.recorded <= $seq
WITH v ORDER BY v.code
CALL (v) {
  MATCH (v)<-[l:LIVES_IN]-(h:Household)
  WHERE holds(l) AND h.card_no > CASE WHEN v.code = $after[0] THEN $after[1] ELSE '' END
    AND part(supported)
  WITH h,
    COLLECT { MATCH (h)-[r:JOINED|LEASES_TO|BORROWED_FROM|ENTRUSTS_TO]->()
      WHERE known(r) AND r.since <= $asOf AND ($links IS NULL OR type(r) IN $links)
      RETURN CASE WHEN r.returned < r.until THEN r.returned ELSE r.until END } +
    COLLECT { MATCH (h)-[r:HOLDS]->(:Asset)<-[o:OPERATES]-()
      WHERE ($links IS NULL OR 'HOLDS' IN $links) AND known(r) AND known(o) AND r.since <= $asOf AND o.since <= $asOf
        AND r.since <= o.until AND o.since <= r.until
      RETURN CASE WHEN o.until < r.until THEN o.until ELSE r.until END AS last ORDER BY last DESC LIMIT 1 } +
    COLLECT { MATCH (h)<-[b:MEMBER_OF]-(:Person)<-[r:EMPLOYS]-()
      WHERE ($links IS NULL OR 'EMPLOYS' IN $links) AND known(r) AND known(b) AND r.since <= $asOf AND b.since <= $asOf
        AND r.since <= b.until AND b.since <= r.until
      RETURN CASE WHEN b.until < r.until THEN b.until ELSE r.until END AS last ORDER BY last DESC LIMIT 1 } AS ends
  WHERE none(e IN ends WHERE e >= $asOf)
  RETURN h.card_no AS household, reduce(last = null, e IN ends | CASE WHEN last IS NULL OR e > last THEN e
    ELSE last END) AS ended
  ORDER BY household LIMIT $limit
}
WITH v.code AS village, household, ended
WITH village, household, ended ORDER BY village, household LIMIT $limit
RETURN village, household, ended
ORDER BY village, household
