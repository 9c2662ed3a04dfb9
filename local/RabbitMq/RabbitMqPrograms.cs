namespace Outdial.LocalServers;

/// <summary>Where the machine keeps RabbitMQ's own scripts. Debian's wrappers on the path insist on the system's node.</summary>
internal static class RabbitMqPrograms
{
    /// <exception cref="LocalServerException">RabbitMQ is not installed; says how to install it.</exception>
    public static string Find(string program)
    {
        string[] folders = ["/usr/lib/rabbitmq/bin", "/opt/rabbitmq/sbin", .. (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(':', StringSplitOptions.RemoveEmptyEntries)];
        return folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists)
            ?? throw new LocalServerException($"RabbitMQ is not installed on this machine ('{program}' was not found). Install it with: sudo apt-get install rabbitmq-server");
    }
}
