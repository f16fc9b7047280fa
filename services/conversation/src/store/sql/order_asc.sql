ORDER BY page.place, c.conversation_id
