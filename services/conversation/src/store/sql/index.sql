SELECT page.conversation_id, page.place
FROM page
