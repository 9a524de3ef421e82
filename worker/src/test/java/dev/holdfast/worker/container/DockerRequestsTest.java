package dev.holdfast.worker.container;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import dev.holdfast.schemas.job.ContainerSpec;
import dev.holdfast.schemas.job.ResourceLimits;
import dev.holdfast.worker.cgroup.Cgroups;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a container gets that asks for nothing, in the engine's words; no engine is needed. */
class DockerRequestsTest {
  private static HostConfig host(@Nullable String network, @Nullable ResourceLimits limits)
      throws IOException {
    var config =
        DefaultDockerClientConfig.createDefaultConfigBuilder()
            .withDockerHost("unix:///nowhere/d.sock")
            .withDockerTlsVerify(false)
            .build();
    var http = new ZerodepDockerHttpClient.Builder().dockerHost(config.getDockerHost()).build();
    try (DockerClient client = DockerClientImpl.getInstance(config, http)) {
      var plan =
          new ContainerPlan(
              "holdfast-main-w-1-0-job-1-7-1",
              "sha256:00",
              Map.of(),
              List.of("/shim"),
              Map.of(),
              List.of(),
              new ContainerSpec("image", network, null, null, null, null, null),
              limits);
      return Objects.requireNonNull(DockerRequests.create(client, plan).getHostConfig());
    }
  }

  @Test
  void allowsNothingThatIsNotAskedFor() throws Exception {
    HostConfig host = host(null, null);

    assertThat(host.getNetworkMode()).isEqualTo("bridge");
    assertThat(host.getPidsLimit()).as("the shim is one more").isEqualTo(4096 + 1);
    assertThat(host.getReadonlyRootfs()).isTrue();
    assertThat(host.getCapDrop()).containsExactly(Capability.ALL);
    assertThat(host.getSecurityOpts()).containsExactly("no-new-privileges");
    assertThat(host.getNanoCPUs()).isNull();
  }

  @Test
  void leavesTheMachineToItsWorker() throws Exception {
    HostConfig host = host(null, null);

    assertThat(host.getCpuShares()).isEqualTo(20);
    assertThat(host.getMemory())
        .isEqualTo(Cgroups.memoryForJobs())
        .isEqualTo(host.getMemorySwap())
        .isPositive();
  }

  @Test
  void givesWhatIsAskedFor() throws Exception {
    HostConfig host = host("none", new ResourceLimits(1.5, 8L << 20, 9));

    assertThat(host.getNetworkMode()).isEqualTo("none");
    assertThat(host.getPidsLimit()).isEqualTo(10);
    assertThat(host.getMemory()).isEqualTo(8 << 20).isEqualTo(host.getMemorySwap());
    assertThat(host.getNanoCPUs()).isEqualTo(1_500_000_000);
  }
}
