SELECT page.conversation_id, page.place, page.last_sequence
FROM page
