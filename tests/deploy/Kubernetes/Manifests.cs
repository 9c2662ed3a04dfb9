using System.Collections.Concurrent;
using System.Diagnostics;
using k8s;
using k8s.Models;
using YamlDotNet.RepresentationModel;

namespace Outdial.Deploy.Tests.Kubernetes;

/// <summary>
/// What <c>kubectl kustomize</c> makes of a folder of <c>k8s/</c>, read strictly: a field that Kubernetes does not know, or a value of another type,
/// throws.
/// </summary>
internal sealed class Manifests
{
    private static readonly Dictionary<string, Type> s_kinds = new()
    {
        ["Namespace"] = typeof(V1Namespace),
        ["ServiceAccount"] = typeof(V1ServiceAccount),
        ["Role"] = typeof(V1Role),
        ["RoleBinding"] = typeof(V1RoleBinding),
        ["ConfigMap"] = typeof(V1ConfigMap),
        ["PersistentVolumeClaim"] = typeof(V1PersistentVolumeClaim),
        ["Service"] = typeof(V1Service),
        ["Deployment"] = typeof(V1Deployment),
        ["StatefulSet"] = typeof(V1StatefulSet),
        ["Job"] = typeof(V1Job),
        ["CronJob"] = typeof(V1CronJob),
        ["PodDisruptionBudget"] = typeof(V1PodDisruptionBudget),
        ["HorizontalPodAutoscaler"] = typeof(V2HorizontalPodAutoscaler),
        ["NetworkPolicy"] = typeof(V1NetworkPolicy),
        ["Ingress"] = typeof(V1Ingress),
    };

    /// <summary>Kinds that come with operators, which no schema here knows.</summary>
    private static readonly string[] s_others = ["ScaledObject", "TriggerAuthentication", "PodMonitor", "PrometheusRule"];

    private static readonly ConcurrentDictionary<string, Lazy<Manifests>> s_built = new();

    private Manifests(string text)
    {
        Text = text;
        var documents = new YamlStream();
        documents.Load(new StringReader(text));
        var parts = text.Split("\n---\n");
        Assert.Equal(parts.Length, documents.Documents.Count);
        foreach (var (part, document) in parts.Zip(documents.Documents))
        {
            var kind = ((YamlScalarNode)document.RootNode["kind"]).Value!;
            if (s_kinds.TryGetValue(kind, out var type))
                All.Add(Read(type, part, kind));
            else
                Others.Add(new(s_others.Contains(kind) ? ComposeFile.Load(part) : throw new InvalidOperationException($"No schema for {kind}.")));
        }
    }

    public string Text { get; }

    public List<IKubernetesObject<V1ObjectMeta>> All { get; } = [];

    /// <summary>Of operators.</summary>
    public List<Node> Others { get; } = [];

    public static Manifests Demo => Of("overlays", "demo");

    public static Manifests Production => Of("overlays", "production");

    /// <summary>The overlays, which are what somebody applies.</summary>
    public static TheoryData<string> Overlays => ["demo", "production"];

    public static Manifests Overlay(string name) => Of("overlays", name);

    public static Manifests Of(params string[] folder) =>
        s_built.GetOrAdd(Repository.At(["k8s", .. folder]), path => new(() => new(Build(path)))).Value;

    /// <summary>An overlay, or the base, with components beside those that it has.</summary>
    public static Manifests With(string[] folder, params string[] components) => s_built.GetOrAdd(
        $"{string.Join('/', folder)}+{string.Join('+', components)}", _ => new(() =>
        {
            var own = Directory.CreateTempSubdirectory("outdial-kustomize-").FullName;
            try
            {
                string Relative(params string[] path) => Path.GetRelativePath(own, Repository.At(["k8s", .. path]));
                File.WriteAllText(Path.Combine(own, "kustomization.yaml"), $"""
                    resources: [{Relative(folder)}]
                    components: [{string.Join(", ", components.Select(component => Relative("components", component)))}]
                    """);
                return new(Build(own));
            }
            finally
            {
                Directory.Delete(own, recursive: true);
            }
        })).Value;

    /// <summary>An overlay in whose kustomization the line of a component is no comment any more.</summary>
    public static Manifests Switched(string overlay, string component) => s_built.GetOrAdd($"{overlay} with {component}", _ => new(() =>
    {
        // Kustomizations name each other by where they stand: a copy of all of them.
        var copy = Directory.CreateTempSubdirectory("outdial-kustomize-").FullName;
        try
        {
            foreach (var folder in (string[])["k8s", "observability", "deploy"])
            {
                foreach (var file in Directory.EnumerateFiles(Repository.At(folder), "*", SearchOption.AllDirectories))
                {
                    var to = Path.Combine(copy, Path.GetRelativePath(Repository.At(), file));
                    Directory.CreateDirectory(Path.GetDirectoryName(to)!);
                    File.Copy(file, to);
                }
            }
            var path = Path.Combine(copy, "k8s", "overlays", overlay, "kustomization.yaml");
            var text = File.ReadAllText(path).Replace($"# - ../../components/{component} ", $"- ../../components/{component} ", StringComparison.Ordinal);
            if (component == "autoscaling-keda")
                text = text.Replace("- ../../components/autoscaling ", "- ../../components/autoscaling-keda ", StringComparison.Ordinal);
            Assert.Matches($@"(?m)^  - \.\./\.\./components/{component}\s", text);
            File.WriteAllText(path, text);
            return new(Build(Path.GetDirectoryName(path)!));
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    })).Value;

    public IEnumerable<T> Kind<T>() where T : IKubernetesObject<V1ObjectMeta> => All.OfType<T>();

    /// <summary>Everything that runs pods.</summary>
    public IEnumerable<Workload> Workloads => All.Select(Workload.Of).OfType<Workload>();

    public Workload Named(string name) => Workloads.Single(workload => workload.Name == name);

    /// <summary>What runs until somebody stops it, of our own programs with a service's name.</summary>
    public IEnumerable<Workload> Services => Workloads.Where(workload => workload.Labels.TryGetValue("app.kubernetes.io/component", out var part) && part == "service");

    private static IKubernetesObject<V1ObjectMeta> Read(Type type, string part, string kind)
    {
        try
        {
            return (IKubernetesObject<V1ObjectMeta>)typeof(KubernetesYaml).GetMethods()
                .Single(method => method.Name == nameof(KubernetesYaml.Deserialize) && method.IsGenericMethod
                    && method.GetParameters() is [{ ParameterType: var first }, ..] && first == typeof(string))
                .MakeGenericMethod(type).Invoke(null, [part, true])!;
        }
        catch (System.Reflection.TargetInvocationException e)
        {
            throw new InvalidOperationException($"This {kind} is not as Kubernetes has it: {e.InnerException!.GetBaseException().Message}\n{part}", e.InnerException);
        }
    }

    private static string Build(string folder)
    {
        var start = new ProcessStartInfo("kubectl", ["kustomize", folder]) { RedirectStandardOutput = true, RedirectStandardError = true };
        Process kubectl;
        try
        {
            kubectl = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new InvalidOperationException(
                "kubectl is missing, or too old for Kustomize's components (1.27 and newer are not). Debian has it in the package kubernetes-client.", e);
        }
        using (kubectl)
        {
            var errors = kubectl.StandardError.ReadToEndAsync();
            var text = kubectl.StandardOutput.ReadToEnd();
            kubectl.WaitForExit();
#pragma warning disable xUnit1031 // The process has ended, and with it what it says
            Assert.True(kubectl.ExitCode == 0, $"kubectl kustomize {folder}: {errors.GetAwaiter().GetResult()}");
            // Deprecations are said as warnings, and stop working some day.
            Assert.DoesNotContain("Warning", errors.GetAwaiter().GetResult(), StringComparison.OrdinalIgnoreCase);
#pragma warning restore xUnit1031
            return text;
        }
    }
}

/// <summary>Something that runs pods.</summary>
/// <param name="Kind">Such as <c>Deployment</c>.</param>
/// <param name="Labels">Of the pods.</param>
/// <param name="Source">The whole object.</param>
internal sealed record Workload(string Kind, string Name, IDictionary<string, string> Labels, V1PodSpec Pod, IKubernetesObject<V1ObjectMeta> Source)
{
    /// <summary>The one container that each pod has.</summary>
    public V1Container Container => Assert.Single(Pod.Containers);

    /// <summary>Which of our programs runs, such as <c>pacer</c>; null: one of others.</summary>
    public string? Program => Container.Image.StartsWith("outdial/", StringComparison.Ordinal) ? Container.Image.Split('/', ':')[1] : null;

    public bool IsJob => Kind is "Job" or "CronJob";

    public static Workload? Of(IKubernetesObject<V1ObjectMeta> source) => source switch
    {
        V1Deployment { Spec.Template: var template } => Make(template),
        V1StatefulSet { Spec.Template: var template } => Make(template),
        V1Job { Spec.Template: var template } => Make(template),
        V1CronJob { Spec.JobTemplate.Spec.Template: var template } => Make(template),
        _ => null,
    } is var made && made is not null ? made with { Kind = source.Kind, Name = source.Metadata.Name, Source = source } : null;

    public override string ToString() => $"{Kind} {Name}";

    public int PortOf(string name) => Container.Ports.Single(port => port.Name == name).ContainerPort;

    private static Workload Make(V1PodTemplateSpec template) => new("", "", template.Metadata.Labels, template.Spec, null!);
}
