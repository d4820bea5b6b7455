// 村的出列事实 — Facts for the exit standard of the village v: book, its latest record; facts.
// See the part judged_predicates.
// Shares in millionths, money in fen. The poor are counted on the day, including households still registered under the
// code of a village that was merged into this one, also through several mergers.
// The denominator is from the latest yearly record: the population, if it is stated and all poor households have
// members in the register; otherwise the number of households. The share is unknown if the poverty status of a
// household is unclear.
// Needs v, $asOf, $seq, $year.
CALL (v) {
  WITH v,
    head(COLLECT { MATCH (v)<-[:OF]-(b:VillageYear) WHERE known(b) AND b.year <= $year
      RETURN {year: b.year, population: b.population, households: b.households, poor: b.poor, exit_year: b.exit_year,
        collective_income: b.collective_income, hard_road: b.hard_road, clinic: b.clinic, culture_room: b.culture_room,
        network: b.network}
      ORDER BY b.year DESC LIMIT 1 }) AS book,
    COUNT { MATCH (v)<-[l:LIVES_IN]-(h:Household)
      WHERE holds(l) AND EXISTS { MATCH (h)-[p:POOR_IN]->(:Village) WHERE holds(p) } } +
      size(COLLECT { MATCH (v)<-[xs:PREDECESSOR_OF*1..4]-(:Area)<-[l:LIVES_IN]-(h:Household)
        WHERE merged(xs) AND holds(l) AND EXISTS { MATCH (h)-[p:POOR_IN]->(:Village) WHERE holds(p) }
        RETURN DISTINCT h.card_no }) AS households,
    EXISTS { MATCH (v)<-[l:LIVES_IN]-(h:Household)
      WHERE holds(l) AND EXISTS { MATCH (h)-[p:POOR_IN]->(:Village) WHERE holds(p) } AND NOT EXISTS {
      MATCH (h)<-[n:MEMBER_OF]-(:Person) WHERE holds(n) } }
      OR EXISTS { MATCH (v)<-[xs:PREDECESSOR_OF*1..4]-(:Area)<-[l:LIVES_IN]-(h:Household)
        WHERE merged(xs) AND holds(l) AND EXISTS { MATCH (h)-[p:POOR_IN]->(:Village) WHERE holds(p) } AND NOT EXISTS {
        MATCH (h)<-[n:MEMBER_OF]-(:Person) WHERE holds(n) } } AS uncounted,
    COUNT { MATCH (v)<-[l:LIVES_IN]-(h:Household)<-[m:MEMBER_OF]-(:Person)
      WHERE holds(l) AND holds(m) AND EXISTS { MATCH (h)-[p:POOR_IN]->(:Village) WHERE holds(p) } } +
      size(COLLECT { MATCH (v)<-[xs:PREDECESSOR_OF*1..4]-(:Area)<-[l:LIVES_IN]-(h:Household)<-[m:MEMBER_OF]-(q:Person)
        WHERE merged(xs) AND holds(l) AND holds(m) AND EXISTS { MATCH (h)-[p:POOR_IN]->(:Village) WHERE holds(p) }
        RETURN DISTINCT q.person_no }) AS people,
    EXISTS { MATCH (v)<-[u:UNCLEAR_IN]-(:Household) WHERE holds(u) }
      OR EXISTS { MATCH (v)<-[xs:PREDECESSOR_OF*1..4]-(:Area)<-[u:UNCLEAR_IN]-(:Household)
        WHERE merged(xs) AND holds(u) } AS doubtful
  WITH v, book, CASE WHEN doubtful THEN [null, null] WHEN book.population > 0 AND NOT uncounted
    THEN [people, book.population] WHEN book.households > 0 THEN [households, book.households] ELSE [null, null]
    END AS poor, v.code + ':' + toString(book.year) AS book_key
  WITH v, book, [
    {predicate: 'POOR_SHARE', value: poor[0] * 1000000, denominator: poor[1],
      evidence: [{label: 'VillageYear', key: book_key, text: toString(poor[0]) + '/' + toString(poor[1])}]},
    {predicate: 'COLLECTIVE_INCOME', value: book.collective_income,
      evidence: [{label: 'VillageYear', key: book_key, text: null}]},
    {predicate: 'HARD_ROAD', value: book.hard_road, evidence: [{label: 'VillageYear', key: book_key, text: null}]},
    {predicate: 'CLINIC', value: book.clinic, evidence: [{label: 'VillageYear', key: book_key, text: null}]},
    {predicate: 'CULTURE_ROOM', value: book.culture_room,
      evidence: [{label: 'VillageYear', key: book_key, text: null}]},
    {predicate: 'NETWORK', value: book.network, evidence: [{label: 'VillageYear', key: book_key, text: null}]}
  ] AS facts
  RETURN book, facts
}
