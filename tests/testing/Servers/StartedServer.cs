using Outdial.LocalServers;

namespace Outdial.Testing;

/// <summary>A server that was started for tests.</summary>
/// <param name="Variables">How test processes find it.</param>
/// <param name="StopAsync">Stops it and removes its data.</param>
public sealed record StartedServer(IReadOnlyDictionary<string, string> Variables, Func<Task> StopAsync)
{
    /// <summary>
    /// Name of the variable that says where servers come from: <c>docker</c> or <c>private</c>. Without it they are containers where an engine
    /// answers, private servers otherwise.
    /// </summary>
    public const string ChoiceVariable = "OUTDIAL_TEST_SERVERS";

    /// <summary>Nothing when a variable leads to such a server already, else a container or a private server, as chosen.</summary>
    /// <param name="name">What it is, for messages.</param>
    /// <param name="variable">The variable that may lead to one already.</param>
    /// <param name="inDocker">Starts a container.</param>
    /// <param name="privately">Starts a private server.</param>
    /// <param name="say">Is told what is done.</param>
    /// <param name="cancel">Gives up the start.</param>
    /// <exception cref="LocalServerException">The choice is unknown, or what was chosen cannot be had; says what to do.</exception>
    internal static async Task<StartedServer> ChooseAsync(
        string name, string variable, Func<DockerEngine, Task<StartedServer>> inDocker, Func<Task<StartedServer>> privately, Action<string> say,
        CancellationToken cancel)
    {
        if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 })
        {
            say($"{name}: the one {variable} leads to");
            return new(new Dictionary<string, string>(), () => Task.CompletedTask);
        }
        var choice = Environment.GetEnvironmentVariable(ChoiceVariable);
        var engine = choice == "private" ? null : await DockerEngine.CurrentAsync();
        return await ChooseAsync(name, choice, engine is null ? null : () => inDocker(engine), privately, say, cancel);
    }

    /// <param name="choice">What <see cref="ChoiceVariable"/> says.</param>
    /// <param name="inDocker">Null: no engine answers.</param>
    internal static async Task<StartedServer> ChooseAsync(
        string name, string? choice, Func<Task<StartedServer>>? inDocker, Func<Task<StartedServer>> privately, Action<string> say,
        CancellationToken cancel)
    {
        if (choice is not (null or "" or "docker" or "private"))
            throw new LocalServerException($"{ChoiceVariable} is '{choice}'; expected docker or private.");
        if (choice == "private" || (inDocker is null && choice != "docker"))
            return await privately();
        if (inDocker is null)
            throw new LocalServerException(
                $"{ChoiceVariable} is 'docker' and no Docker engine answers. Start one, lead to it with DOCKER_HOST, or set {ChoiceVariable}=private.");
        try
        {
            return await inDocker();
        }
        catch (Exception e) when (!cancel.IsCancellationRequested)
        {
            var sentence = $"{name} does not start in a container: {e.Message.Split('\n')[0].Trim()}";
            if (choice == "docker")
                throw new LocalServerException($"{sentence} See to the engine and its images, or set {ChoiceVariable}=private.", e);
            say($"{sentence} A private server instead.");
            return await privately();
        }
    }

    /// <summary>Tells what a test process does; test runners may keep it back.</summary>
    internal static void Say(string line) => Console.WriteLine(line);
}
