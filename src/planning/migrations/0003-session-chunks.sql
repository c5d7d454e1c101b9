-- Texts of agents as a model writes them, for the sockets only: gone when the whole message is stored, lost in a crash.
create unlogged table session_chunks (
  session_id text not null,
  n bigint generated always as identity,
  message_id text not null,
  body jsonb not null,
  primary key (session_id, n)
);
