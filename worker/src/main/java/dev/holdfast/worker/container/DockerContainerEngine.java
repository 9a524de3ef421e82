package dev.holdfast.worker.container;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.exception.NotModifiedException;
import com.github.dockerjava.api.model.AuthConfig;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import dev.holdfast.worker.container.EngineException.Code;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** Docker, by the socket of its daemon. */
public final class DockerContainerEngine implements ContainerEngine {
  private static final int LARGEST_FILE = 1024 * 1024;

  private final DockerClient client;
  private final Calls calls;
  private final Duration deadline;

  private DockerContainerEngine(DockerClient client, Calls calls, Duration deadline) {
    this.client = client;
    this.calls = calls;
    this.deadline = deadline;
  }

  /**
   * A client of the daemon at this socket; connects when it is first asked for something.
   *
   * @param deadline of each call but a pull
   */
  public static DockerContainerEngine at(Path socket, Duration deadline) {
    var config =
        DefaultDockerClientConfig.createDefaultConfigBuilder()
            .withDockerHost("unix://" + socket)
            .withDockerTlsVerify(false)
            .build();
    var http =
        new ZerodepDockerHttpClient.Builder()
            .dockerHost(config.getDockerHost())
            .connectionTimeout(deadline)
            .build();
    return new DockerContainerEngine(
        DockerClientImpl.getInstance(config, http), new Calls(), deadline);
  }

  /** Every call has the same effect when made twice, and a pooled connection may be long dead. */
  private <T> T call(String what, Callable<T> call) {
    try {
      return calls.within(deadline, what, call);
    } catch (EngineException e) {
      if (e.code() != Code.UNREACHABLE
          || e.getCause() instanceof java.util.concurrent.TimeoutException) {
        throw e;
      }
      return calls.within(deadline, what, call);
    }
  }

  @Override
  public Optional<Image> image(String reference) {
    return call(
        "inspect image " + reference,
        () -> {
          try {
            var answer = client.inspectImageCmd(ImageName.complete(reference)).exec();
            var config = answer.getConfig();
            String user = config == null ? null : config.getUser();
            String[] env = config == null ? null : config.getEnv();
            return Optional.of(
                new Image(
                    String.valueOf(answer.getId()),
                    user == null ? "" : user,
                    env == null ? List.of() : Arrays.asList(env)));
          } catch (NotFoundException e) {
            return Optional.empty();
          }
        });
  }

  @Override
  public boolean removeImage(String reference) {
    return call(
        "remove image " + reference,
        () -> {
          try {
            client.removeImageCmd(ImageName.complete(reference)).withForce(false).exec();
            return true;
          } catch (NotFoundException e) {
            return true;
          } catch (ConflictException e) {
            return false; // a container uses it, or it bears other names
          }
        });
  }

  @Override
  public Path root() {
    return call(
        "ask where images are",
        () -> Path.of(String.valueOf(client.infoCmd().exec().getDockerRootDir())));
  }

  @Override
  public void pull(
      String reference,
      Optional<RegistryLogin> login,
      Duration stall,
      Consumer<String> progress,
      BooleanSupplier givenUp) {
    var command = client.pullImageCmd(ImageName.complete(reference));
    login.ifPresent(known ->
        command.withAuthConfig(
            new AuthConfig()
                .withRegistryAddress(ImageName.registry(reference))
                .withUsername(known.username())
                .withPassword(known.password())));
    var pull = new Pull(reference, progress);
    calls.within(deadline, "pull of " + reference, () -> command.exec(pull));
    pull.await(stall, givenUp);
  }

  @Override
  public String create(ContainerPlan plan) {
    return call(
        "create container " + plan.name(),
        () -> {
          try {
            return DockerRequests.create(client, plan).exec().getId();
          } catch (ConflictException e) {
            return existing(plan, e);
          } catch (NotFoundException e) {
            throw new EngineException(
                Code.IMAGE_NOT_FOUND, "the engine no longer has image " + plan.image(), e);
          }
        });
  }

  private String existing(ContainerPlan plan, ConflictException conflict) {
    Inspection found =
        inspect(plan.name())
            .orElseThrow(() ->
                new EngineException(
                    Code.UNREACHABLE,
                    "the name " + plan.name() + " is just being freed",
                    conflict));
    if (!found.labels().entrySet().containsAll(plan.labels().entrySet())) {
      throw new EngineException(
          Code.REFUSED,
          "container %s is not ours: expected labels %s, found %s"
              .formatted(plan.name(), plan.labels(), found.labels()));
    }
    return found.id();
  }

  @Override
  public void start(String id) {
    call(
        "start container " + id,
        () -> {
          try {
            return client.startContainerCmd(id).exec();
          } catch (NotModifiedException e) {
            return null; // it was started before
          }
        });
  }

  @Override
  public Optional<Inspection> inspect(String idOrName) {
    return call(
        "inspect container " + idOrName,
        () -> {
          try {
            return Optional.of(inspection(client.inspectContainerCmd(idOrName).exec()));
          } catch (NotFoundException e) {
            return Optional.empty();
          }
        });
  }

  private static Inspection inspection(InspectContainerResponse answer) {
    var state = answer.getState();
    var labels = answer.getConfig().getLabels();
    Long pid = state.getPidLong();
    Long exitCode = state.getExitCodeLong();
    String error = state.getError();
    return new Inspection(
        answer.getId(),
        labels == null ? Map.of() : labels,
        String.valueOf(state.getStatus()),
        Boolean.TRUE.equals(state.getRunning()) && pid != null ? pid : 0,
        exitCode == null ? -1 : exitCode,
        Boolean.TRUE.equals(state.getOOMKilled()),
        error == null ? "" : error);
  }

  @Override
  public Optional<byte[]> file(String id, String path) {
    return call(
        "read " + path + " of container " + id,
        () -> {
          try (InputStream tar = client.copyArchiveFromContainerCmd(id, path).exec()) {
            return onlyEntry(tar);
          } catch (NotFoundException e) {
            return Optional.empty();
          }
        });
  }

  private static Optional<byte[]> onlyEntry(InputStream tar) throws IOException {
    var entries = new TarArchiveInputStream(tar);
    TarArchiveEntry entry = entries.getNextEntry();
    return entry != null && entry.isFile()
        ? Optional.of(entries.readNBytes(LARGEST_FILE))
        : Optional.empty();
  }

  @Override
  public List<Listed> list(Map<String, String> labels) {
    return call(
        "list containers",
        () ->
            client.listContainersCmd().withShowAll(true).withLabelFilter(labels).exec().stream()
                .map(found ->
                    new Listed(
                        found.getId(), String.join(",", found.getNames()), found.getLabels()))
                .toList());
  }

  @Override
  public boolean remove(String idOrName) {
    return call(
        "remove container " + idOrName,
        () -> {
          try {
            client.removeContainerCmd(idOrName).withForce(true).withRemoveVolumes(true).exec();
            return true;
          } catch (NotFoundException e) {
            return false;
          } catch (ConflictException e) {
            return true; // somebody else is removing it
          }
        });
  }

  @Override
  public void close() {
    calls.close();
    try {
      client.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException("cannot close the client of the engine", e);
    }
  }
}
