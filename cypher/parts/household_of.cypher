// 所在户 — The number of the household of the person h on the day; '' where there is none. Needs $asOf, $seq.
coalesce(head(COLLECT { MATCH (h)-[member:MEMBER_OF]->(o:Household) WHERE holds(member) RETURN o.card_no ORDER BY o.card_no }), '')
