package dev.reverie.client;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A server that gives prepared responses in turn, the last of them again and again. */
final class StubService implements AutoCloseable {

    /** A response of a service. */
    record Response(int status, Map<String, String> headers, ByteBuffer body) {

        static Response json(int status, String text) {
            return new Response(
                    status, Map.of("Content-Type", "application/json"), StandardCharsets.UTF_8.encode(text));
        }

        static Response problem(int status, String slug, String detail) {
            String text = "{\"type\": \"/problems/%s\", \"detail\": \"%s\"}".formatted(slug, detail);
            return new Response(
                    status, Map.of("Content-Type", "application/problem+json"), StandardCharsets.UTF_8.encode(text));
        }

        static Response npz(String etag, byte[] file) {
            return new Response(200, Map.of("ETag", etag), ByteBuffer.wrap(file));
        }

        Response withHeader(String name, String value) {
            return new Response(
                    status, Map.of("Content-Type", headers.getOrDefault("Content-Type", ""), name, value), body);
        }
    }

    /** A request to a service. Its line ends with the body if that is JSON. */
    record Request(String line, Optional<String> token, Optional<String> etag) {}

    private final HttpServer server;
    private final Deque<Response> responses = new ArrayDeque<>();
    private final List<Request> requests = new ArrayList<>();

    StubService() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        server.createContext("/", this::answer);
        server.start();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    synchronized void answer(Response... next) {
        responses.clear();
        responses.addAll(List.of(next));
    }

    synchronized List<Request> requests() {
        return List.copyOf(requests);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        Response response = next(exchange, body.startsWith("{") ? " " + body : "");
        response.headers().forEach(exchange.getResponseHeaders()::set);
        byte[] answer = new byte[response.body().remaining()];
        response.body().get(response.body().position(), answer);
        exchange.sendResponseHeaders(response.status(), answer.length == 0 ? -1 : answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    private synchronized Response next(HttpExchange exchange, String json) {
        requests.add(new Request(
                exchange.getRequestMethod() + " " + exchange.getRequestURI() + json,
                Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization")),
                Optional.ofNullable(exchange.getRequestHeaders().getFirst("If-None-Match"))));
        return responses.size() > 1 ? responses.remove() : responses.element();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
