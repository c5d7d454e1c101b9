"""An agent for Troupe in 30 lines of Python, standard library only: it registers, sends heartbeats and counts words."""
import http.server, json, os, threading, time, urllib.error, urllib.request, uuid

SERVER, ID = os.environ.get("ORCHESTRATOR_URL", "http://127.0.0.1:8000"), os.environ.get("AGENT_ID", "agent_6")
INSTANCE, running = uuid.uuid4().hex, []

def call(url, body, token):
    headers = {"content-type": "application/json", "authorization": f"Bearer {token}"}
    return json.load(urllib.request.urlopen(urllib.request.Request(url, json.dumps(body).encode(), headers)))

def work(job):
    words = len(job["subtask"]["description"].split())
    output = {"success": True, "data": {"words": words}, "summary": f"Counted {words} words"}
    call(job["callback_url"] + "/result", {"status": "completed", "output": output, "execution_time": 0.01}, job["callback_token"])
    running.clear()

class Agent(http.server.BaseHTTPRequestHandler):
    def answer(self, status, body):
        self.send_response(status), self.end_headers()
        self.wfile.write(json.dumps(body).encode())
    def do_GET(self): self.answer(200, {"status": "healthy", "agent_id": ID, "is_available": not running})
    def do_POST(self):
        job = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if running: return self.answer(503, {"detail": "Agent busy", "code": "AGENT_BUSY"})
        running.append({key: job[key] for key in ("assignment_id", "attempt")})
        self.answer(200, {"status": "accepted", "agent_id": ID}), threading.Thread(target=work, args=[job]).start()

http_server, token = http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("AGENT_PORT", "9000"))), Agent), None
threading.Thread(target=http_server.serve_forever).start()
while True:
    try:
        me = {"agent_id": ID, "instance": INSTANCE, "capabilities": ["code_generation"], "endpoint": f"http://127.0.0.1:{http_server.server_port}"}
        token = token or call(f"{SERVER}/v1/agents", me, os.environ.get("AGENT_TOKEN", ""))["agent_token"]
        call(f"{SERVER}/v1/agents/{ID}/heartbeat", {"instance": INSTANCE, "is_available": not running, "running": running}, token)
    except urllib.error.URLError as error: token = print(error)  # None: forgotten or unreachable, register again
    time.sleep(float(os.environ.get("AGENT_HEARTBEAT_INTERVAL", "10")))
