// Node's clients, unmodified, each asked for what a person would: node clients.mjs WHICH SERVER KEY PICTURE
// Prints one JSON object. Run where they are installed (tests/data/node).
import { readFileSync } from "node:fs";

const [which, server, key, path] = process.argv.slice(-4);
const picture = readFileSync(path);
const url = `data:image/jpeg;base64,${picture.toString("base64")}`;
const asked = [{ role: "user", content: [{ type: "text", text: "What is this?" }, { type: "image_url", image_url: { url } }] }];

const clients = {
  async openai() {
    const { default: OpenAI } = await import("openai");
    const client = new OpenAI({ apiKey: key, baseURL: `${server}/v1`, maxRetries: 0 });
    const listed = (await client.models.list()).data.map((model) => model.id);
    const told = await client.chat.completions.create({ model: "frame-backend", messages: asked });
    const stream = await client.chat.completions.create({ model: "frame-backend", messages: asked, stream: true });
    let streamed = "";
    for await (const chunk of stream) streamed += chunk.choices[0]?.delta?.content ?? "";
    return { listed, told: told.choices[0].message.content, streamed };
  },
  async "ai-sdk"() {
    const { generateText, streamText } = await import("ai");
    const { createOpenAICompatible } = await import("@ai-sdk/openai-compatible");
    const provider = createOpenAICompatible({ name: "glasses", apiKey: key, baseURL: `${server}/v1`, includeUsage: true });
    const messages = [{ role: "user", content: [{ type: "text", text: "What is this?" }, { type: "image", image: picture }] }];
    const model = provider("frame-backend");
    const told = await generateText({ model, messages });
    const stream = streamText({ model, messages });
    let streamed = "";
    for await (const piece of stream.textStream) streamed += piece;
    return { told: told.text, streamed, tokens: (await stream.usage).totalTokens };
  },
  async ollama() {
    const { Ollama } = await import("ollama");
    const client = new Ollama({ host: server, headers: { Authorization: `Bearer ${key}` } });
    const messages = [{ role: "user", content: "What is this?", images: [picture.toString("base64")] }];
    const listed = (await client.list()).models.map((model) => model.name);
    const told = await client.chat({ model: listed[0], messages });
    let streamed = "";
    for await (const line of await client.chat({ model: listed[0], messages, stream: true })) streamed += line.message.content;
    return { listed, told: told.message.content, streamed };
  },
  mcp: () => agent("auto"),
  "mcp-legacy": () => agent("legacy"),
};

async function agent(mode) {
  const { Client, StreamableHTTPClientTransport } = await import("@modelcontextprotocol/client");
  const requestInit = { headers: { Authorization: `Bearer ${key}` } };
  const client = new Client({ name: "agent", version: "1" }, { versionNegotiation: { mode } });
  await client.connect(new StreamableHTTPClientTransport(new URL(`${server}/mcp`), { requestInit }));
  const tools = (await client.listTools()).tools.map((tool) => tool.name);
  const { content } = await client.callTool({ name: "ask", arguments: { question: "What is this?" } });
  const version = client.getNegotiatedProtocolVersion();
  await client.close();
  return { version, tools, told: content[0].text };
}

console.log(JSON.stringify(await clients[which]()));
