package dev.holdfast.gateway.http;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.openapi.router.RequestExtractor;
import io.vertx.json.schema.common.dsl.SchemaType;
import io.vertx.openapi.contract.MediaType;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.contract.Parameter;
import io.vertx.openapi.validation.RequestParameter;
import io.vertx.openapi.validation.ValidatableRequest;
import io.vertx.openapi.validation.impl.RequestParameterImpl;
import io.vertx.openapi.validation.impl.ValidatableRequestImpl;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Hands a request to the contract's validator as the router has decoded it. The library's own
 * extractor decodes parameters and headers a second time, and so misreads any percent sign.
 */
final class Extractor implements RequestExtractor {
  @Override
  public Future<ValidatableRequest> extractValidatableRequest(
      RoutingContext call, Operation operation) {
    Map<String, RequestParameter> headers = new HashMap<>();
    Map<String, RequestParameter> path = new HashMap<>();
    Map<String, RequestParameter> query = new HashMap<>();
    for (Parameter parameter : operation.getParameters()) {
      String name = parameter.getName();
      switch (parameter.getIn()) {
        case HEADER -> headers.put(name, value(call.request().getHeader(name)));
        case PATH -> path.put(name, value(call.pathParam(name)));
        case QUERY -> query.put(name, query(parameter, call.queryParam(name)));
        case COOKIE ->
            throw new IllegalStateException("the contract has no cookies, found " + name);
      }
    }
    Buffer body = call.body().buffer();
    if (operation.getRequestBody() == null || body == null) {
      return Future.succeededFuture(new ValidatableRequestImpl(Map.of(), headers, path, query));
    }
    return Future.succeededFuture(
        new ValidatableRequestImpl(
            Map.of(),
            headers,
            path,
            query,
            new RequestParameterImpl(body),
            MediaType.APPLICATION_JSON));
  }

  private static RequestParameter query(Parameter parameter, List<String> given) {
    if (given.isEmpty()) {
      return value(null);
    }
    if (parameter.getSchemaType() == SchemaType.ARRAY) {
      return value(
          given.stream()
              .map(one -> parameter.getName() + "=" + one)
              .collect(Collectors.joining("&")));
    }
    return value(given.getFirst());
  }

  private static RequestParameter value(@Nullable String given) {
    return new RequestParameterImpl(given);
  }
}
