//! Redis: presence only, so nothing of it is kept on disk.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

use kit_values::{Fault, Secret};

use super::child::{Child, Program};
use super::directory::Directory;
use super::{Options, programs};

/// Starts it; gives its address too.
pub(super) fn start(
    directory: &Directory,
    options: &Options,
) -> Result<(Child, Secret<String>), Fault> {
    let program = options.programs.redis_server()?;
    let folder = directory.folder("redis")?;
    let port = directory.port("redis")?;
    let password = directory.password("redis")?;
    let configuration = folder.join("redis.conf");
    let text = format!(
        "bind 127.0.0.1\nport {port}\nrequirepass {}\nsave \"\"\nappendonly no\ndir {}\n",
        password.expose(),
        quoted(&folder.to_string_lossy())
    );
    directory.private_file(&configuration, &text)?;
    let program = Program {
        name: "redis",
        path: program,
        arguments: vec![configuration.into_os_string()],
        environment: Vec::new(),
    };
    let child = Child::start(directory, options, &programs::setpriv()?, &program)?;
    child.wait_until(|| answers(port, &password).unwrap_or(false))?;
    let url = format!("redis://:{}@127.0.0.1:{port}", password.expose());
    Ok((child, Secret::new(url)))
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn answers(port: u16, password: &Secret<String>) -> std::io::Result<bool> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(1))?;
    stream.set_read_timeout(Some(Duration::from_secs(1)))?;
    stream.write_all(format!("AUTH {}\r\nPING\r\n", password.expose()).as_bytes())?;
    let mut answer = [0_u8; 64];
    let mut length = 0;
    while length < answer.len() {
        let read = stream.read(&mut answer[length..])?;
        length += read;
        if String::from_utf8_lossy(&answer[..length]).contains("+PONG") {
            return Ok(true);
        }
        if read == 0 {
            return Ok(false);
        }
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_cannot_leave_its_quotes() {
        assert_eq!(quoted(r#"/data/a "b\c"#), r#""/data/a \"b\\c""#);
    }
}
