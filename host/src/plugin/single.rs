//! Isolation `single`: one instance, owned by one task, serves all calls in turn.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Instant;

use pintle_core::RpcError;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout_at;

use super::abi::Answer;
use super::instance::Instance;
use super::kv::Committing;
use super::{CallContext, Chain, Failure, FailureKind, Invocation, Shared};

pub(super) struct Single {
    jobs: mpsc::Sender<Job>,
    /// Calls that wait or run.
    open: Arc<AtomicUsize>,
}

struct Job {
    method: String,
    params: String,
    context: Option<Arc<dyn CallContext>>,
    deadline: Option<Instant>,
    chain: Chain,
    turn: Turn,
    reply: oneshot::Sender<Result<(Owned, Committing), Failure>>,
}

/// An answer that has left the guest.
enum Owned {
    Result(Vec<u8>),
    Return(String),
    Error(RpcError),
}

impl Single {
    /// Starts the task. It ends when the plugin is dropped and the last call is answered.
    pub(super) fn new(shared: Arc<Shared>, first: Instance) -> Single {
        let (jobs, queue) = mpsc::channel(shared.limits.queue.clamp(1, tokio::sync::Semaphore::MAX_PERMITS));
        tokio::spawn(serve(shared, first, queue));
        Single { jobs, open: Arc::default() }
    }

    pub(super) async fn call<R: Send>(
        &self,
        invocation: Invocation<'_>,
        read: impl FnOnce(Answer<'_>) -> R + Send,
    ) -> Result<(R, Committing), Failure> {
        let turn = Turn(self.open.clone());
        if self.open.fetch_add(1, Relaxed) > 0 && invocation.chain.is_nested() {
            return Err(Failure::new(
                FailureKind::Overloaded,
                "the instance is busy; nested calls do not wait",
            ));
        }
        let (reply, answer) = oneshot::channel();
        let deadline = invocation.deadline;
        let job = Job {
            method: invocation.method.to_owned(),
            params: invocation.params.to_owned(),
            context: invocation.context,
            deadline,
            chain: invocation.chain,
            turn,
            reply,
        };
        self.jobs.try_send(job).map_err(|error| match error {
            TrySendError::Full(_) => Failure::new(FailureKind::Overloaded, "the queue is full"),
            TrySendError::Closed(_) => unloaded(),
        })?;
        let answer = match deadline {
            None => answer.await,
            Some(deadline) => timeout_at(deadline.into(), answer).await.map_err(|_| expired())?,
        };
        let (answer, committing) = answer.map_err(|_| unloaded())??;
        let answer = match answer {
            Owned::Result(bytes) => read(Answer::Result(&bytes)),
            Owned::Return(result) => read(Answer::Return(result)),
            Owned::Error(error) => read(Answer::Error(error)),
        };
        Ok((answer, committing))
    }
}

/// One open call, counted until it is dropped.
struct Turn(Arc<AtomicUsize>);

impl Drop for Turn {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Relaxed);
    }
}

fn expired() -> Failure {
    Failure::new(FailureKind::Deadline, "the deadline passed in the queue or during the call")
}

fn unloaded() -> Failure {
    Failure::new(FailureKind::Cancelled, "the plugin is being unloaded")
}

/// Serves the queue. A call whose caller has gone before its turn is skipped; one that runs goes on to its
/// own deadline. An instance that failed is replaced when the next call needs it.
async fn serve(shared: Arc<Shared>, first: Instance, mut queue: mpsc::Receiver<Job>) {
    let mut current = Some(first);
    while let Some(job) = next(&shared, &mut current, &mut queue).await {
        if job.reply.is_closed() {
            continue;
        }
        if job.deadline.is_some_and(|deadline| deadline <= Instant::now()) {
            let _ = job.reply.send(Err(expired()));
            continue;
        }
        let instance = match current.take() {
            Some(instance) => Ok(instance),
            None => Instance::start(&shared, None, true).await,
        };
        let mut instance = match instance {
            Ok(instance) => instance,
            Err(failure) => {
                // Whoever gave up meanwhile does not need the answer.
                let _ = job.reply.send(Err(failure));
                continue;
            }
        };
        let outcome = answer(&mut instance, &job).await;
        let failed = match &outcome {
            Err(failure) if !failure.spares_instance() => Some(failure.clone()),
            _ => None,
        };
        // The next nested call may follow on the answer at once, and must not find the instance busy.
        drop(job.turn);
        let _ = job.reply.send(outcome);
        match failed.or_else(|| instance.rest()) {
            None => current = Some(instance),
            Some(failure) => replaced(&shared, &failure.reason),
        }
    }
}

/// The next call. An instance that is killed before it comes is dropped at once.
async fn next(
    shared: &Shared,
    current: &mut Option<Instance>,
    queue: &mut mpsc::Receiver<Job>,
) -> Option<Job> {
    if let Some(instance) = &current {
        tokio::select! {
            biased;
            () = instance.member.killed() => (),
            job = queue.recv() => return job,
        }
        // Who sees that it is gone sees why.
        replaced(shared, "it was stopped");
        *current = None;
    }
    queue.recv().await
}

fn replaced(shared: &Shared, reason: &str) {
    shared.counters.replaced.fetch_add(1, Relaxed);
    tracing::warn!(plugin = shared.name, "the instance is replaced and its state lost: {reason}");
}

async fn answer(instance: &mut Instance, job: &Job) -> Result<(Owned, Committing), Failure> {
    let Job { method, params, context, deadline, chain, .. } = job;
    let (context, chain) = (context.clone(), chain.clone());
    let invocation = Invocation { method, params, context, deadline: *deadline, chain };
    instance.call(&invocation).await?;
    let committing = instance.committing();
    let answer = match instance.answer()? {
        Answer::Result(bytes) => Owned::Result(bytes.to_vec()),
        Answer::Return(result) => Owned::Return(result),
        Answer::Error(error) => Owned::Error(error),
    };
    Ok((answer, committing))
}
