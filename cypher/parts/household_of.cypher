// 所在户 — Number of the household of the person h on the day; '' if there is none. Needs h, $asOf, $seq.
coalesce(head(COLLECT { MATCH (h)-[belongs:MEMBER_OF]->(home:Household) WHERE holds(belongs) RETURN home.card_no
  ORDER BY home.card_no }), '')
