// Household · lookup
UNWIND $keys AS key MATCH (n:Household {card_no: key}) RETURN collect({key: key, recorded: n.recorded, values: []});

// Household · create
UNWIND $rows AS row MERGE (n:Household {card_no: row.key}) ON CREATE SET n.recorded = $seq;
