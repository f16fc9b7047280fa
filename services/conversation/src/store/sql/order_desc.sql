ORDER BY page.place DESC, c.conversation_id DESC
