// 所在户 — The number of the household of the person h on the day; '' where there is none. Needs $asOf, $seq.
coalesce(head(COLLECT { MATCH (h)-[member:MEMBER_OF]->(home:Household) WHERE holds(member) RETURN home.card_no ORDER BY home.card_no }), '')
