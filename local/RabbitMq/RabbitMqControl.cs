namespace Outdial.LocalServers;

/// <summary>Chores on a running broker through its <c>rabbitmqctl</c>, wherever that one is.</summary>
public abstract class RabbitMqControl
{
    /// <summary>Who may do everything on the brokers that are made here.</summary>
    public const string User = "outdial";

    /// <summary>Makes a virtual host in which <see cref="User"/> may do everything.</summary>
    /// <param name="name">Letters, digits and hyphens.</param>
    /// <param name="cancel">Ends the command.</param>
    public Task AddVirtualHostAsync(string name, CancellationToken cancel = default)
    {
        if (name.Any(letter => !char.IsAsciiLetterOrDigit(letter) && letter != '-'))
            throw new ArgumentException($"'{name}' is not a name for a virtual host: letters, digits and hyphens only.", nameof(name));
        // One call instead of add_vhost and set_permissions: starting the tool is what takes the time.
        return RunAsync(cancel, "eval", $"rabbit_vhost:add(<<\"{name}\">>, <<\"outdial\">>), rabbit_auth_backend_internal:set_permissions(<<\"{User}\">>, <<\"{name}\">>, <<\".*\">>, <<\".*\">>, <<\".*\">>, <<\"outdial\">>).");
    }

    /// <summary>Removes a virtual host with its queues.</summary>
    public Task DeleteVirtualHostAsync(string name, CancellationToken cancel = default) => RunAsync(cancel, "delete_vhost", name);

    /// <summary>Runs one command of <c>rabbitmqctl</c> and returns what it prints.</summary>
    /// <exception cref="LocalServerException">It could not be run or ended with another code than zero.</exception>
    public abstract Task<string> RunAsync(CancellationToken cancel, params string[] words);
}

/// <summary>Chores on a private node.</summary>
public sealed class PrivateRabbitMqControl : RabbitMqControl
{
    private readonly RabbitMqNode _node;
    private readonly UnprivilegedUser _user;

    internal PrivateRabbitMqControl(RabbitMqNode node, UnprivilegedUser user) => (_node, _user) = (node, user);

    /// <summary>The control of a node that another process started.</summary>
    /// <exception cref="LocalServerException">The folder holds no node.</exception>
    public static PrivateRabbitMqControl Of(string folder) => new(
        RabbitMqNode.TryRead(folder) ?? throw new LocalServerException($"There is no private RabbitMQ in {folder}."),
        UnprivilegedUser.For("rabbitmq", "rabbitmq-server"));

    /// <summary>Makes users, rights and the like, or changes them.</summary>
    /// <param name="definitions">As RabbitMQ exports them, in JSON; passwords as hashes.</param>
    /// <param name="cancel">Ends the command.</param>
    public async Task ImportAsync(string definitions, CancellationToken cancel = default)
    {
        // In a file, since all can read the words of a command.
        var file = Path.Combine(_node.Folder, "definitions.json");
        PrivateFiles.Write(file, definitions);
        await _user.OwnAsync(file, cancel);
        try
        {
            await RunAsync(cancel, "import_definitions", file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <inheritdoc/>
    public override Task<string> RunAsync(CancellationToken cancel, params string[] words) =>
        Command.RunAsync([.. _user.Prefix, RabbitMqPrograms.Find("rabbitmqctl"), "-q", .. words], cancel, _node.Environment);
}
